package dev.dovetable.core.whatsapp;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.internal.sql.Texts;
import java.util.Optional;

/**
 * What is to change about a WhatsApp configuration; what is empty stays. Made from {@link #none()}
 * by the methods that are named like the fields. Immutable and thread-safe.
 *
 * @param whatsappNumber the business phone number, 1 to 20 characters
 * @param webhookUrl where callbacks are sent, not blank, at most 2 000 characters
 * @param apiKey the secret for calls to the API, at most 4 000 characters
 * @param businessAccountId the WhatsApp business account, at most 100 characters
 * @param phoneNumberId what bodies name their receiver by, at most 100 letters (A to Z), digits, _,
 *     - and .; an empty text to give it up
 * @param verifyToken the secret of the webhook's handshake, at most 1 000 characters
 * @param active whether it is in use
 */
public record WhatsAppConfigChanges(
    Optional<String> whatsappNumber,
    Optional<String> webhookUrl,
    Optional<String> apiKey,
    Optional<String> businessAccountId,
    Optional<String> phoneNumberId,
    Optional<String> verifyToken,
    Optional<Boolean> active) {
  private static final int MAX_ID_LENGTH = NewWhatsAppConfig.MAX_ID_LENGTH;

  /**
   * Checks the bounds of the columns.
   *
   * @param whatsappNumber the business phone number
   * @param webhookUrl where callbacks are sent
   * @param apiKey the secret for calls to the API
   * @param businessAccountId the WhatsApp business account
   * @param phoneNumberId what bodies name their receiver by
   * @param verifyToken the secret of the webhook's handshake
   * @param active whether it is in use
   * @throws InvalidDataException if a text is blank, too long, or can't be stored as text
   */
  public WhatsAppConfigChanges {
    requireNonNull(whatsappNumber, "whatsappNumber")
        .ifPresent(
            number ->
                Texts.requireFilled(number, "whatsappNumber", NewWhatsAppConfig.MAX_NUMBER_LENGTH));
    requireNonNull(webhookUrl, "webhookUrl")
        .ifPresent(url -> Texts.requireFilled(url, "webhookUrl", NewWhatsAppConfig.MAX_URL_LENGTH));
    Texts.requireShort(apiKey, "apiKey", NewWhatsAppConfig.MAX_KEY_LENGTH);
    Texts.requireShort(businessAccountId, "businessAccountId", MAX_ID_LENGTH);
    requireNonNull(phoneNumberId, "phoneNumberId")
        .filter(id -> !id.isEmpty())
        .ifPresent(id -> Texts.requireId(id, "phoneNumberId", MAX_ID_LENGTH));
    Texts.requireShort(verifyToken, "verifyToken", NewWhatsAppConfig.MAX_TOKEN_LENGTH);
    requireNonNull(active, "active");
  }

  /**
   * No change.
   *
   * @return changes to start from
   */
  public static WhatsAppConfigChanges none() {
    return new WhatsAppConfigChanges(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * These changes and another business phone number.
   *
   * @param whatsappNumber the business phone number, 1 to 20 characters
   * @return the changes
   */
  public WhatsAppConfigChanges whatsappNumber(String whatsappNumber) {
    return new WhatsAppConfigChanges(
        Optional.of(whatsappNumber),
        webhookUrl,
        apiKey,
        businessAccountId,
        phoneNumberId,
        verifyToken,
        active);
  }

  /**
   * These changes and another webhook.
   *
   * @param webhookUrl where callbacks are sent, not blank
   * @return the changes
   */
  public WhatsAppConfigChanges webhookUrl(String webhookUrl) {
    return new WhatsAppConfigChanges(
        whatsappNumber,
        Optional.of(webhookUrl),
        apiKey,
        businessAccountId,
        phoneNumberId,
        verifyToken,
        active);
  }

  /**
   * These changes and an API key.
   *
   * @param apiKey the secret for calls to the API
   * @return the changes
   */
  public WhatsAppConfigChanges apiKey(String apiKey) {
    return new WhatsAppConfigChanges(
        whatsappNumber,
        webhookUrl,
        Optional.of(apiKey),
        businessAccountId,
        phoneNumberId,
        verifyToken,
        active);
  }

  /**
   * These changes and a business account.
   *
   * @param businessAccountId the WhatsApp business account, at most 100 characters
   * @return the changes
   */
  public WhatsAppConfigChanges businessAccountId(String businessAccountId) {
    return new WhatsAppConfigChanges(
        whatsappNumber,
        webhookUrl,
        apiKey,
        Optional.of(businessAccountId),
        phoneNumberId,
        verifyToken,
        active);
  }

  /**
   * These changes and a phone number id.
   *
   * @param phoneNumberId what bodies name their receiver by, at most 100 letters (A to Z), digits,
   *     _, - and .
   * @return the changes
   */
  public WhatsAppConfigChanges phoneNumberId(String phoneNumberId) {
    return new WhatsAppConfigChanges(
        whatsappNumber,
        webhookUrl,
        apiKey,
        businessAccountId,
        Optional.of(phoneNumberId),
        verifyToken,
        active);
  }

  /**
   * These changes, and no phone number id any more: it is free for another user.
   *
   * @return the changes
   */
  public WhatsAppConfigChanges withoutPhoneNumberId() {
    return phoneNumberId("");
  }

  /**
   * These changes and a verify token.
   *
   * @param verifyToken the secret of the webhook's handshake
   * @return the changes
   */
  public WhatsAppConfigChanges verifyToken(String verifyToken) {
    return new WhatsAppConfigChanges(
        whatsappNumber,
        webhookUrl,
        apiKey,
        businessAccountId,
        phoneNumberId,
        Optional.of(verifyToken),
        active);
  }

  /**
   * These changes and whether it is in use.
   *
   * @param active true to have bodies for its number find it
   * @return the changes
   */
  public WhatsAppConfigChanges active(boolean active) {
    return new WhatsAppConfigChanges(
        whatsappNumber,
        webhookUrl,
        apiKey,
        businessAccountId,
        phoneNumberId,
        verifyToken,
        Optional.of(active));
  }

  /** Shows neither the API key nor the verify token. */
  @Override
  public String toString() {
    return "WhatsAppConfigChanges[whatsappNumber="
        + whatsappNumber
        + ", webhookUrl="
        + webhookUrl
        + ", businessAccountId="
        + businessAccountId
        + ", phoneNumberId="
        + phoneNumberId
        + ", active="
        + active
        + "]";
  }
}
