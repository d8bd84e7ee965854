package dev.dovetable.core.internal.payload;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dovetable.core.internal.payload.UnreadableBodyException.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookReaderTest extends ReadingTest {

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
  void errorsNextToMessagesAreNews() throws Exception {
    String message = "'messages':[{'from':'1','id':'a','timestamp':0,'type':'text'}]";

    assertThat(single(value(message)).complete()).isTrue();
    assertThat(single(value(message)).news()).isEmpty();
    WebhookChange withErrors = single(value(message + ",'errors':[{'code':1}]"));
    assertThat(withErrors.complete()).isTrue();
    assertThat(withErrors.messages()).hasSize(1);
    assertThat(withErrors.news())
        .extracting(NewsPiece::payload)
        .containsExactly("{\"errors\":[{\"code\":1}]}");
    assertThat(single(value(message + ",'errors':7")).complete()).isFalse();
  }

  @Test
  void aStatusOfSomethingElseIsNoMessages() throws Exception {
    String status = "'statuses':[{'id':'a','status':'failed','timestamp':0%s}]";

    assertThat(single(value(status.formatted(""))).statuses()).hasSize(1);
    assertThat(single(value(status.formatted(",'type':'message'"))).statuses()).hasSize(1);
    WebhookChange payment = single(value(status.formatted(",'type':'payment'")));
    assertThat(payment.statuses()).isEmpty();
    assertThat(payment.news()).hasSize(1);
    assertThat(payment.complete()).isTrue();
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
}
