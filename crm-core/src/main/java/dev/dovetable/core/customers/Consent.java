package dev.dovetable.core.customers;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * That a customer has told WhatsApp to stop or to resume something, such as advertising. Immutable
 * and thread-safe.
 *
 * @param category of what: {@code marketing_messages}, for instance
 * @param value WhatsApp's name for it: {@code stop} or {@code resume}
 * @param detail the same in WhatsApp's words
 * @param at WhatsApp's time
 * @param phoneNumberId WhatsApp's id of the business number that it was told to
 */
public record Consent(
    String category,
    String value,
    Optional<String> detail,
    Instant at,
    Optional<String> phoneNumberId) {

  /**
   * Checks that nothing is null.
   *
   * @param category of what
   * @param value WhatsApp's name for it
   * @param detail the same in words
   * @param at WhatsApp's time
   * @param phoneNumberId the business number
   */
  public Consent {
    requireNonNull(category, "category");
    requireNonNull(value, "value");
    requireNonNull(detail, "detail");
    requireNonNull(at, "at");
    requireNonNull(phoneNumberId, "phoneNumberId");
  }

  /** {@return whether the customer wants it; false for whatever isn't {@code resume}} */
  public boolean isGiven() {
    return value.equals("resume");
  }
}
