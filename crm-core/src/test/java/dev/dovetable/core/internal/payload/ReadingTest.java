package dev.dovetable.core.internal.payload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;

/** Bodies in which apostrophes stand for quotation marks, and what is read of them. */
abstract class ReadingTest {

  static final int MAX_BYTES = 100_000;

  final WebhookReader reader = new WebhookReader(MAX_BYTES);

  WebhookChange single(String change) throws UnreadableBodyException {
    List<WebhookChange> changes = read(body(change)).changes();
    assertThat(changes).hasSize(1);
    return changes.get(0);
  }

  static Sender sender(Optional<String> phone, Optional<String> userId, Optional<String> name) {
    return new Sender(phone, userId, Optional.empty(), Optional.empty(), name, Optional.empty());
  }

  WebhookBody read(String body) throws UnreadableBodyException {
    return reader.read(json(body));
  }

  static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(UTF_8);
  }

  static String body(String change) {
    return "{'object':'whatsapp_business_account','entry':[{'id':'204590110000001','changes':["
        + change
        + "]}]}";
  }

  static String value(String fields) {
    return "{'value':{'metadata':{'phone_number_id':'104590110000110'},"
        + fields
        + "},'field':'messages'}";
  }
}
