package dev.wacrm.examples.quickstart.webhook;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

final class Json {

  private Json() {}

  /** The field as text; numbers are taken too, since senders differ on ids and timestamps. */
  static Optional<String> text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isString() || value.isNumber()
        ? Optional.of(value.asString()).filter(text -> !text.isBlank())
        : Optional.empty();
  }
}
