package dev.wacrm.examples.quickstart.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

class WebhookReaderTest {

  private final WebhookReader reader = new WebhookReader();

  @Test
  void readsATextWithItsSenderAndTheProvidersTime() throws IOException {
    List<WebhookEvent> events = reader.read(delivery("01-text.json"));

    assertThat(events)
        .containsExactly(
            new InboundMessage(
                new BusinessNumber("104590110000110", "12025550110"),
                new Sender(
                    Optional.of("13125550142"),
                    Optional.of("US.20480117645503318742"),
                    Optional.of("Maria Lindqvist")),
                Instant.parse("2026-11-18T08:02:11Z"),
                "text",
                "Good morning! Is the Guji natural back in? I'd take two bags.",
                List.of()));
  }

  @Test
  void givesEveryKindAReadableText() throws IOException {
    assertThat(texts("02-image-with-caption.json"))
        .containsExactly("[image] This is my grinder. Fine enough for espresso?");
    assertThat(texts("03-button-reply.json")).containsExactly("Saturday, 10:00");
    assertThat(texts("04-location.json"))
        .containsExactly("[location] Office, 1 Example Square, Boston (42.3601, -71.0589)");
    assertThat(texts("06-order.json"))
        .containsExactly(
            "[order] 2 × HOUSE-BLEND-500, 1 × FRENCH-PRESS-1L: Ground for a French press, please");
    assertThat(texts("08-list-reply.json"))
        .containsExactly("Brake service (Pads and cable, one day)");
    assertThat(text("contacts", "[{'name':{'formatted_name':'Ann'},'phones':[{'phone':'+1'}]}]"))
        .isEqualTo("[contact] Ann +1");
    assertThat(text("document", "{'filename':'menu.pdf','caption':'Prices'}"))
        .isEqualTo("[document menu.pdf] Prices");
    assertThat(text("audio", "{'voice':true}")).isEqualTo("[voice message]");
    assertThat(text("button", "{'payload':'y','text':'Yes'}")).isEqualTo("Yes");
    assertThat(text("reaction", "{'message_id':'x'}")).isEqualTo("[reaction withdrawn]");
  }

  @Test
  void tellsTheNumbersAndSendersOfOneDeliveryApart() throws IOException {
    Map<String, List<String>> sendersByNumber =
        reader.read(delivery("05-two-numbers.json")).stream()
            .map(InboundMessage.class::cast)
            .collect(
                Collectors.groupingBy(
                    message -> message.to().id(),
                    Collectors.mapping(
                        message -> message.from().displayName(), Collectors.toList())));

    assertThat(sendersByNumber)
        .isEqualTo(
            Map.of(
                "104590110000110", List.of("Tom O'Brien", "Maria Lindqvist"),
                "104590120000120", List.of("Maria Lindqvist", "Tom O'Brien")));
  }

  @Test
  void keepsTheProductsOfAnOrder() throws IOException {
    InboundMessage order = (InboundMessage) reader.read(delivery("06-order.json")).get(0);

    assertThat(order.products())
        .containsExactly(
            new Product("HOUSE-BLEND-500", 2, new BigDecimal("12.9")),
            new Product("FRENCH-PRESS-1L", 1, new BigDecimal("34")));
  }

  @Test
  void recognisesASenderWithoutAPhoneNumberByTheUserId() throws IOException {
    InboundMessage message =
        (InboundMessage) reader.read(delivery("09-without-phone-number.json")).get(0);

    assertThat(message.from().phone()).isEmpty();
    assertThat(message.from().identity()).contains("NL.71130924486652087513");
    assertThat(message.from().displayName()).isEqualTo("Noor");
  }

  @Test
  void readsAStatus() throws IOException {
    StatusUpdate status = (StatusUpdate) reader.read(delivery("07-status.json")).get(0);

    assertThat(status.status()).isEqualTo("delivered");
    assertThat(status.at()).isEqualTo(Instant.parse("2026-11-18T11:31:07Z"));
    assertThat(status.recipient().identity()).contains("13125550142");
    assertThat(status.problem()).isEmpty();
  }

  @Test
  void saysWhatItSkips() throws IOException {
    assertThat(reader.read(delivery("10-not-for-the-tables.json")))
        .filteredOn(Skipped.class::isInstance)
        .containsExactly(
            new Skipped("a message of the kind unsupported: Message type unknown"),
            new Skipped("a notice of the kind phone_number_quality_update"));
  }

  @Test
  void survivesJsonOfAnyShape() {
    for (String body :
        List.of(
            "",
            "[]",
            "null",
            "7",
            "{'entry':7}",
            "{'entry':[{'changes':{'field':'messages'}}]}",
            "{'entry':[{'changes':[7,{'field':'messages','value':[]}]}]}",
            message("'timestamp':'soon','from':'1','type':'text','text':{'body':'x'}"),
            message("'timestamp':'1','type':'text','text':{'body':'x'}"),
            message("'timestamp':'1','from':'1','type':'text','text':'x'"),
            message("'timestamp':'99999999999999999','from':'1','type':'audio'"))) {
      assertThat(reader.read(body.replace('\'', '"')))
          .as(body)
          .isNotEmpty()
          .allMatch(Skipped.class::isInstance);
    }
  }

  @Test
  void readsDeliveriesOneAfterTheOther() throws IOException {
    assertThat(reader.read(delivery("01-text.json") + delivery("07-status.json") + "{}"))
        .extracting(WebhookEvent::getClass)
        .containsExactly(InboundMessage.class, StatusUpdate.class, Skipped.class);
  }

  @Test
  void refusesWhatIsNoJson() {
    assertThatThrownBy(() -> reader.read("{\"entry\": [")).isInstanceOf(JacksonException.class);
    assertThatThrownBy(() -> reader.read("{} later")).isInstanceOf(JacksonException.class);
  }

  private List<String> texts(String file) throws IOException {
    return reader.read(delivery(file)).stream()
        .map(InboundMessage.class::cast)
        .map(InboundMessage::text)
        .toList();
  }

  private String text(String type, String content) {
    String body =
        message("'timestamp':'1','from':'1','type':'%s','%s':%s".formatted(type, type, content));
    return ((InboundMessage) reader.read(body.replace('\'', '"')).get(0)).text();
  }

  private static String message(String fields) {
    return "{'entry':[{'changes':[{'field':'messages','value':"
        + "{'metadata':{'phone_number_id':'1'},'messages':[{"
        + fields
        + "}]}}]}]}";
  }

  private static String delivery(String file) throws IOException {
    try (var in = WebhookReaderTest.class.getResourceAsStream("/deliveries/" + file)) {
      assertThat(in).as(file).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
