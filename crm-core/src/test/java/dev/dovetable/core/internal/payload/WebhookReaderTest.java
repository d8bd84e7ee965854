package dev.dovetable.core.internal.payload;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.dovetable.core.internal.payload.UnreadableBodyException.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Apostrophes stand for quotation marks. */
class WebhookReaderTest {

  private static final int MAX_BYTES = 100_000;

  private final WebhookReader reader = new WebhookReader(MAX_BYTES);

  @Test
  void readsATextWithItsSenderAndTheProvidersTime() throws Exception {
    WebhookChange change =
        single(
            value(
                "'contacts':[{'profile':{'name':'Maria'},'wa_id':'13125550142','user_id':'US.1'}],"
                    + "'messages':[{'from':'13125550142','from_user_id':'US.1','id':'wamid.A',"
                    + "'timestamp':'1794988931','type':'text','text':{'body':'Two bags'},"
                    + "'context':{'id':'wamid.0'}}]"));

    assertThat(change.phoneNumberId()).contains("104590110000110");
    assertThat(change.businessAccountId()).contains("204590110000001");
    assertThat(change.field()).isEqualTo("messages");
    assertThat(change.complete()).isTrue();
    InboundMessage message = change.messages().get(0);
    assertThat(message.providerId()).isEqualTo("wamid.A");
    assertThat(message.sender())
        .isEqualTo(sender(Optional.of("13125550142"), Optional.of("US.1"), Optional.of("Maria")));
    assertThat(message.timestamp()).isEqualTo(Instant.parse("2026-11-18T08:02:11Z"));
    assertThat(message.kind()).isEqualTo("text");
    assertThat(message.text()).isEqualTo("Two bags");
    assertThat(message.repliesTo()).contains("wamid.0");
    assertThat(message.echo()).isFalse();
    assertThat(message.payload()).startsWith("{\"from\":\"13125550142\"");
  }

  @Test
  void readsAStatusWithItsErrors() throws Exception {
    WebhookChange change =
        single(
            value(
                "'statuses':[{'id':'wamid.B','status':'failed','timestamp':1794988931,"
                    + "'recipient_id':'13125550142','errors':[{'code':131047}]}]"));

    assertThat(change.complete()).isTrue();
    MessageStatus status = change.statuses().get(0);
    assertThat(status.providerId()).isEqualTo("wamid.B");
    assertThat(status.state()).isEqualTo(MessageStatus.State.FAILED);
    assertThat(status.timestamp()).isEqualTo(Instant.parse("2026-11-18T08:02:11Z"));
    assertThat(status.recipient().flatMap(Sender::phone)).contains("13125550142");
    assertThat(status.errors()).isEqualTo("[{\"code\":131047}]");
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

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1.5", "1e9", "253402300800", "1794988931000", "", "soon", "١٢"})
  void aMessageWithoutAUsableTimeIsKeptRaw(String time) throws Exception {
    WebhookChange change =
        single(
            value(
                "'messages':[{'from':'1','id':'a','timestamp':'%s','type':'text'}]"
                    .formatted(time)));
    assertThat(change.messages()).isEmpty();
    assertThat(change.complete()).isFalse();
  }

  @Test
  void aMessageWithTooLongAnIdIsKeptRaw() throws Exception {
    String message = "'messages':[{'from':'1','id':'%s','timestamp':0,'type':'text'}]";

    assertThat(single(value(message.formatted("i".repeat(200)))).messages()).hasSize(1);
    WebhookChange tooLong = single(value(message.formatted("i".repeat(201))));
    assertThat(tooLong.messages()).isEmpty();
    assertThat(tooLong.complete()).isFalse();
  }

  @Test
  void errorsNextToMessagesAreKeptRaw() throws Exception {
    String message = "'messages':[{'from':'1','id':'a','timestamp':0,'type':'text'}]";

    assertThat(single(value(message)).complete()).isTrue();
    assertThat(single(value(message + ",'errors':[{'code':1}]")).complete()).isFalse();
  }

  @Test
  void aStatusOfSomethingElseIsNoMessages() throws Exception {
    String status = "'statuses':[{'id':'a','status':'failed','timestamp':0%s}]";

    assertThat(single(value(status.formatted(""))).statuses()).hasSize(1);
    assertThat(single(value(status.formatted(",'type':'message'"))).statuses()).hasSize(1);
    assertThat(single(value(status.formatted(",'type':'payment'"))).statuses()).isEmpty();
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
  void aRawPartReadsAsThatPart() throws Exception {
    String two =
        body(value("'statuses':[{'id':'a','status':'strange \\ud83d\\u0000'}]"))
            + " "
            + body("{'value':7}")
            + body("7")
            + "{}[{";
    WebhookBody body = read(two);

    assertThat(body.changes()).hasSize(5).noneMatch(WebhookChange::complete);
    for (WebhookChange change : body.changes()) {
      assertThat(read(change.raw()).changes()).containsExactly(change);
    }
  }

  @Test
  void whatFollowsACompleteBodyIsKept() throws Exception {
    WebhookBody body = read(body(value("'messages':[]")) + "\n{'entry': [");

    assertThat(body.changes()).hasSize(2);
    assertThat(body.changes().get(1).raw())
        .isEqualTo("{\"entry\":[{\"unread\":\"\\n{\\\"entry\\\": [\"}]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7", "null", "[]", "{}", "{'entry':[]}", "{'entry':{}}"})
  void refusesJsonWithoutChanges(String body) {
    assertThat(refused(json(body))).isEqualTo(Reason.NO_CHANGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'entry': [", "{'entry':[1],'entry':[2]}", "nul", "{'a':'\u0001'}"})
  void refusesWhatIsNoJson(String body) {
    assertThat(refused(json(body))).isEqualTo(Reason.NOT_JSON);
  }

  @Test
  void refusesWhatIsTooMuch() {
    assertThat(refused(new byte[MAX_BYTES + 1])).isEqualTo(Reason.TOO_LARGE);
    assertThat(refused(new WebhookReader(3 << 20), json("[".repeat(600_000))))
        .isEqualTo(Reason.BEYOND_LIMITS);
  }

  /** Neither the message that has it nor those beside it are lost. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'x':%1$s",
        "'x':-%1$s.5e7",
        "'x':[{'%2$s':1}]",
        "'x':[[[%3$s7%4$s]]]",
        "'text':{'body':'a','x':%3$s7%4$s}"
      })
  void whatCantBeHandledAsJsonIsText(String field) throws Exception {
    String digits = "7".repeat(200);
    String odd = field.formatted(digits, "n".repeat(2_000), "[{'a':".repeat(300), "}]".repeat(300));
    String messages =
        "'messages':[{'from':'1','id':'a','timestamp':0,'type':'text',%s},"
            + "{'from':'1','id':'b','timestamp':0,'type':'text','text':{'body':'Hi'}}]";

    WebhookChange change = single(value(messages.formatted(odd)));

    assertThat(change.messages()).extracting(InboundMessage::providerId).containsExactly("a", "b");
    assertThat(change.complete()).isTrue();
    assertThat(change.messages().get(0).payload())
        .containsAnyOf(digits, "n".repeat(2_000), "[{\\\"a\\\":".repeat(100));
    assertThat(read(change.raw()).changes()).containsExactly(change);
  }

  @Test
  void messagesKeepTheirPlacesInTheBody() throws Exception {
    String message = "'messages':[{'from':'1','id':'%s','timestamp':0,'type':'text'},7]";
    List<WebhookChange> changes =
        read(body(value(message.formatted("a")) + "," + value(message.formatted("b")))).changes();

    assertThat(changes)
        .extracting(change -> change.messages().get(0).place())
        .containsExactly(0, 2);
    assertThat(read(changes.get(1).raw()).changes()).containsExactly(changes.get(1));
  }

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
  void refusesOtherEncodings() {
    assertThat(refused(new byte[] {'{', '"', (byte) 0xc3, '"', ':', '1', '}'}))
        .isEqualTo(Reason.NOT_UTF8);
    assertThat(refused("{}".getBytes(UTF_16LE))).isEqualTo(Reason.NOT_JSON);
  }

  @Test
  void refusesMoreTokensThanMessagesHave() {
    byte[] million = json("{'entry':[" + "1,".repeat(500_000) + "1]}");
    assertThat(refused(new WebhookReader(3 << 20), million)).isEqualTo(Reason.BEYOND_LIMITS);
  }

  @Test
  void leavesAByteOrderMarkOut() throws Exception {
    assertThat(read("\ufeff" + body(value("'messages':[]"))).changes()).hasSize(1);
  }

  private Reason refused(byte[] body) {
    return refused(reader, body);
  }

  private static Reason refused(WebhookReader reader, byte[] body) {
    return assertThatExceptionOfType(UnreadableBodyException.class)
        .isThrownBy(() -> reader.read(body))
        .actual()
        .reason();
  }

  private WebhookChange single(String change) throws UnreadableBodyException {
    List<WebhookChange> changes = read(body(change)).changes();
    assertThat(changes).hasSize(1);
    return changes.get(0);
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

  private static Sender sender(
      Optional<String> phone, Optional<String> userId, Optional<String> name) {
    return new Sender(phone, userId, Optional.empty(), Optional.empty(), name, Optional.empty());
  }

  private WebhookBody read(String body) throws UnreadableBodyException {
    return reader.read(json(body));
  }

  private static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(UTF_8);
  }

  private static String body(String change) {
    return "{'object':'whatsapp_business_account','entry':[{'id':'204590110000001','changes':["
        + change
        + "]}]}";
  }

  private static String value(String fields) {
    return "{'value':{'metadata':{'phone_number_id':'104590110000110'},"
        + fields
        + "},'field':'messages'}";
  }
}
