package dev.dovetable.core.whatsapp;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.internal.sql.Texts;
import java.util.Optional;

/**
 * How people call a business number. Made from {@link #none()} by the methods that are named like
 * the fields. Immutable and thread-safe.
 *
 * @param displayNumber the phone number, at most 20 characters
 * @param businessAccountId the WhatsApp business account, at most 100 characters
 * @param label what the agent's people call it, at most 100 characters
 */
public record NumberDetails(
    Optional<String> displayNumber, Optional<String> businessAccountId, Optional<String> label) {
  private static final int MAX_LABEL_LENGTH = 100;

  /**
   * Checks the bounds of the columns.
   *
   * @param displayNumber the phone number
   * @param businessAccountId the WhatsApp business account
   * @param label what the agent's people call it
   * @throws InvalidDataException if a text is too long, or can't be stored as text
   */
  public NumberDetails {
    Texts.requireShort(displayNumber, "displayNumber", NewWhatsAppConfig.MAX_NUMBER_LENGTH);
    Texts.requireShort(businessAccountId, "businessAccountId", NewWhatsAppConfig.MAX_ID_LENGTH);
    Texts.requireShort(label, "label", MAX_LABEL_LENGTH);
  }

  /**
   * Nothing.
   *
   * @return details to start from
   */
  public static NumberDetails none() {
    return new NumberDetails(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * These details with a phone number.
   *
   * @param displayNumber the phone number, at most 20 characters
   * @return the details
   */
  public NumberDetails displayNumber(String displayNumber) {
    return new NumberDetails(Optional.of(displayNumber), businessAccountId, label);
  }

  /**
   * These details with a business account.
   *
   * @param businessAccountId the WhatsApp business account, at most 100 characters
   * @return the details
   */
  public NumberDetails businessAccountId(String businessAccountId) {
    return new NumberDetails(displayNumber, Optional.of(businessAccountId), label);
  }

  /**
   * These details with a label.
   *
   * @param label what the agent's people call it, at most 100 characters
   * @return the details
   */
  public NumberDetails label(String label) {
    return new NumberDetails(displayNumber, businessAccountId, Optional.of(label));
  }
}
