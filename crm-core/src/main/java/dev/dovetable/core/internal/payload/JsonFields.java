package dev.dovetable.core.internal.payload;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Fields of a tree, of whatever type the provider makes them. */
public final class JsonFields {

  /** Far more than the provider's ids have, and short enough for an index. */
  static final int MAX_ID_LENGTH = 200;

  private static final int MAX_DIGITS_OF_SECONDS = 12;
  private static final long LAST_SECOND = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
  private static final int MAX_SCALE_OF_DEGREES = 30;

  private JsonFields() {}

  /** The field as text, unless it is blank; numbers count, since senders differ on ids. */
  static Optional<String> text(JsonNode node, String field) {
    return scalar(node.path(field)).filter(text -> !text.isBlank());
  }

  static Optional<String> scalar(JsonNode value) {
    return value.isString() || value.isNumber() ? Optional.of(value.asString()) : Optional.empty();
  }

  static Optional<String> id(JsonNode node, String field) {
    return text(node, field).filter(id -> id.length() <= MAX_ID_LENGTH);
  }

  /** Seconds since 1970, as digits or as a number. */
  static Optional<Instant> time(JsonNode node, String field) {
    return text(node, field)
        .filter(text -> text.length() <= MAX_DIGITS_OF_SECONDS && isDigits(text))
        .map(Long::valueOf)
        .filter(seconds -> seconds <= LAST_SECOND)
        .map(Instant::ofEpochSecond);
  }

  static Optional<Boolean> flag(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isBoolean() ? Optional.of(value.booleanValue()) : Optional.empty();
  }

  static Optional<BigDecimal> degrees(JsonNode node, String field, int bound) {
    return id(node, field)
        .flatMap(JsonFields::decimal)
        .filter(value -> value.abs().compareTo(BigDecimal.valueOf(bound)) <= 0)
        .filter(value -> value.scale() >= 0 && value.scale() <= MAX_SCALE_OF_DEGREES);
  }

  static Optional<BigDecimal> decimal(String text) {
    try {
      return Optional.of(new BigDecimal(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** ASCII's alone: Long.valueOf takes other scripts' digits, too. */
  static boolean isDigits(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty();
  }
}
