package dev.dovetable.core.internal.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who is meant, in which conversation, and what people read of it. */
class MessageMeaningTest extends ReadingTest {

  @Test
  void inAThreadWhatIsFromItsCustomerCameIn() throws Exception {
    String history =
        "'history':[{'threads':[{'id':'13125550142','messages':["
            + "{'from':'13125550142','id':'a','timestamp':1,'type':'text',"
            + "'history_context':{'status':'READ'}},"
            + "{'from':'120255501','id':'b','timestamp':2,'type':'text',"
            + "'history_context':{'status':'ERROR'}},"
            + "{'from':'13125550142','id':'c','timestamp':3,'type':'text','to':'7',"
            + "'history_context':{'status':'SENT','from_me':true}}]}]}]";

    List<InboundMessage> messages = single(value(history)).messages();

    assertThat(messages).extracting(InboundMessage::echo).containsExactly(false, true, true);
    assertThat(messages)
        .extracting(InboundMessage::pastState)
        .containsExactly(
            Optional.empty(),
            Optional.of(MessageStatus.State.FAILED),
            Optional.of(MessageStatus.State.SENT));
    assertThat(messages)
        .extracting(InboundMessage::sender)
        .containsOnly(sender(Optional.of("13125550142"), Optional.empty(), Optional.empty()));
  }

  @Test
  void theBusinessIsNoCustomer() throws Exception {
    String own =
        "{'value':{'metadata':{'display_phone_number':'+1 202 555 0110','phone_number_id':'1'},"
            + "'messages':[{'from':'12025550110',%s'id':'a','timestamp':0,'type':'text'}]},"
            + "'field':'messages'}";

    assertThat(single(own.formatted("'to':'13125550142',")).messages())
        .extracting(InboundMessage::echo)
        .containsExactly(true);
    assertThat(single(own.formatted("")).messages()).isEmpty();
  }

  @Test
  void aGroupIsTheConversationAndItsMemberTheParticipant() throws Exception {
    String group = "Y2FwaV9ncm91cDoxMjAzNjM";
    WebhookChange change =
        single(
            value(
                ("'contacts':[{'profile':{'name':'Tom'},'wa_id':'16175550167','user_id':'US.2'}],"
                        + "'messages':[{'from':'16175550167','group_id':'%1$s','id':'a','timestamp':1,"
                        + "'type':'text'}],'message_echoes':[{'from':'1','to':'%1$s','id':'b',"
                        + "'timestamp':2,'type':'text'}],'groups':[{'timestamp':3,'group_id':'%1$s',"
                        + "'type':'group_create','subject':'Riders'}]")
                    .formatted(group)));

    assertThat(change.messages())
        .extracting(InboundMessage::sender)
        .containsOnly(Sender.group(group));
    Sender tom = sender(Optional.of("16175550167"), Optional.of("US.2"), Optional.of("Tom"));
    assertThat(change.messages())
        .extracting(InboundMessage::participant)
        .containsExactly(Optional.of(tom), Optional.empty());
    assertThat(change.groups())
        .containsExactly(new GroupSubject(group, "Riders", Instant.ofEpochSecond(3), 2));
    assertThat(change.sightings())
        .containsExactly(Sighting.of(tom, Instant.ofEpochSecond(1), 0, Optional.empty(), "a"));
  }

  @Test
  void allThatTellsWhoSomebodyIsIsSeen() throws Exception {
    WebhookChange change =
        single(
            value(
                "'contacts':[{'profile':{'name':'Noor','username':'noor.rides'},'user_id':'NL.1',"
                    + "'parent_user_id':'NL.ENT.1'},{'wa_id':'447700900078','user_id':'GB.2'}],"
                    + "'messages':[{'from_user_id':'NL.1','id':'a','timestamp':5,'type':'contacts',"
                    + "'contacts':[{'origin':'contact_request','phones':"
                    + "[{'phone':'+44 7700 900077','wa_id':'447700900077'}]}]}],"
                    + "'statuses':[{'id':'b','status':'sent','timestamp':4,"
                    + "'recipient_id':'13125550142','recipient_user_id':'US.3'}],"
                    + "'state_sync':[{'type':'contact','action':'add','contact':{"
                    + "'full_name':'Tom','phone_number':'16175550167'},"
                    + "'metadata':{'timestamp':'6'}},{'action':'remove','contact':{"
                    + "'phone_number':'16175550168'},'metadata':{'timestamp':'6'}}]"));

    assertThat(change.sightings())
        .extracting(
            s -> s.at().getEpochSecond(),
            Sighting::place,
            s -> s.phone().orElse("-"),
            s -> s.userId().orElse("-"),
            s -> s.username().orElse("-"),
            s -> s.parentUserId().orElse("-"),
            s -> s.name().orElse("-"),
            Sighting::source)
        .containsExactly(
            tuple(5L, 0, "-", "NL.1", "noor.rides", "NL.ENT.1", "Noor", "a"),
            tuple(5L, 0, "447700900077", "NL.1", "noor.rides", "NL.ENT.1", "Noor", "a"),
            tuple(4L, 1, "13125550142", "US.3", "-", "-", "-", ""),
            tuple(6L, 2, "16175550167", "-", "-", "-", "Tom", ""),
            tuple(4L, 4, "447700900078", "GB.2", "-", "-", "-", ""));
  }

  @Test
  void aTextIsNeverBlank() throws Exception {
    assertThat(text("'type':'text','text':{'body':' '}")).isEqualTo("[text]");
    assertThat(text("'type':'interactive'")).isEqualTo("[interactive]");
    assertThat(text("'x':1")).isEqualTo("[unknown]");
    assertThat(text("'type':'button','button':{'payload':'yes'}")).isEqualTo("yes");
    assertThat(text("'type':'poll','poll':'Tea?'")).isEqualTo("[poll] Tea?");
    assertThat(
            text(
                "'type':'interactive','interactive':{'type':'nfm_reply','nfm_reply':"
                    + "{'name':'flow','response_json':'{broken'}}"))
        .isEqualTo("[form] flow");
  }

  @Test
  void whatHasPartsIsReadByPeople() throws Exception {
    assertThat(
            text("'type':'poll','poll':{'question':'Tea?','options':[{'name':'Green'},'Black']}"))
        .isEqualTo("[poll] Tea? (Green / Black)");
    assertThat(
            text(
                "'type':'payment','payment':{'amount':{'value':120050,'offset':100},"
                    + "'currency':'INR','status':'captured','reference_id':'r-17'}"))
        .isEqualTo("[payment] 1200.5 INR, captured, r-17");
    assertThat(text("'type':'payment','payment':{'amount':{'value':'1e99','offset':0}}"))
        .isEqualTo("[payment]");
    assertThat(
            text(
                "'type':'interactive','interactive':{'type':'nfm_reply','nfm_reply':"
                    + "{'name':'address_message','response_json':'{\\'values\\':{"
                    + "\\'city\\':\\'Mumbai\\',\\'name\\':\\'Asha\\'}}'}}"))
        .isEqualTo("[address] Asha, Mumbai");
    assertThat(
            text(
                "'type':'interactive','interactive':{'type':'order_details','body':{'text':'Pay?'},"
                    + "'action':{'parameters':{'currency':'INR','total_amount':"
                    + "{'value':500,'offset':100},'order':{'items':[{'name':'Bell','quantity':2}]}}}}"))
        .isEqualTo("[order] 2 × Bell, total 5 INR: Pay?");
    assertThat(text("'type':'order','order':{'product_items':[{'item_price':1}]}"))
        .isEqualTo("[order] 1 × unnamed product at 1");
  }

  @Test
  void anOldVoiceMessageHasItsFile() throws Exception {
    String message =
        "'messages':[{'from':'1','id':'a','timestamp':0,'type':'voice','voice':{'id':'9'}}]";

    InboundMessage voice = single(value(message)).messages().get(0);

    assertThat(voice.kind()).isEqualTo("voice");
    assertThat(voice.text()).isEqualTo("[voice message]");
    assertThat(voice.media().flatMap(Media::id)).contains("9");
  }

  @Test
  void idsThatContradictAreNotJoined() throws Exception {
    String contact =
        "'contacts':[{'profile':{'name':'Maria'},'wa_id':'13125550142','user_id':'US.1'}],";

    assertThat(senders(contact, "'from':'16175550167'"))
        .containsExactly(
            sender(Optional.of("16175550167"), Optional.empty(), Optional.of("Maria")));
    assertThat(senders(contact, "'from_user_id':'US.2'"))
        .containsExactly(sender(Optional.empty(), Optional.of("US.2"), Optional.of("Maria")));
    assertThat(senders(contact, "'from':'US.1'"))
        .containsExactly(
            sender(Optional.of("13125550142"), Optional.of("US.1"), Optional.of("Maria")));
    assertThat(senders("", "'from':''")).isEmpty();
  }

  @Test
  void aContactIsFoundByTheNumbersKey() throws Exception {
    assertThat(
            senders(
                "'contacts':[{'wa_id':'553187654321','user_id':'BR.1'},{'wa_id':'1'}],",
                "'from':'5531987654321'"))
        .containsExactly(
            sender(Optional.of("5531987654321"), Optional.of("BR.1"), Optional.empty()));
  }

  private List<Sender> senders(String contacts, String from) throws UnreadableBodyException {
    String message = "'messages':[{%s,'id':'a','timestamp':0,'type':'text'}]".formatted(from);
    return single(value(contacts + message)).messages().stream()
        .map(InboundMessage::sender)
        .toList();
  }

  private String text(String fields) throws UnreadableBodyException {
    String message = "'messages':[{'from':'1','id':'a','timestamp':0,%s}]".formatted(fields);
    return single(value(message)).messages().get(0).text();
  }
}
