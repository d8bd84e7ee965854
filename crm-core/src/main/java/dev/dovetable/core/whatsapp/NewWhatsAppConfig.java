package dev.dovetable.core.whatsapp;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.internal.sql.Texts;
import java.util.Optional;
import java.util.UUID;

/**
 * A WhatsApp configuration to be saved. Immutable and thread-safe.
 *
 * @param userId the user it belongs to
 * @param whatsappNumber the business phone number, 1 to 20 characters
 * @param webhookUrl where callbacks are sent, not blank, at most 2 000 characters
 * @param apiKey the secret for calls to the API, at most 4 000 characters; empty keeps the one that
 *     is there
 * @param businessAccountId the WhatsApp business account, at most 100 characters
 * @param phoneNumberId what bodies name their receiver by, at most 100 letters (A to Z), digits, _,
 *     - and .; empty keeps the one that is there
 * @param verifyToken the secret of the webhook's handshake, at most 1 000 characters
 */
public record NewWhatsAppConfig(
    UUID userId,
    String whatsappNumber,
    String webhookUrl,
    Optional<String> apiKey,
    Optional<String> businessAccountId,
    Optional<String> phoneNumberId,
    Optional<String> verifyToken) {
  static final int MAX_NUMBER_LENGTH = 20;
  static final int MAX_ID_LENGTH = 100;
  static final int MAX_URL_LENGTH = 2_000;
  static final int MAX_KEY_LENGTH = 4_000;
  static final int MAX_TOKEN_LENGTH = 1_000;

  /**
   * Checks the bounds of the columns.
   *
   * @param userId the user it belongs to
   * @param whatsappNumber the business phone number
   * @param webhookUrl where callbacks are sent
   * @param apiKey the secret for calls to the API
   * @param businessAccountId the WhatsApp business account
   * @param phoneNumberId what bodies name their receiver by
   * @param verifyToken the secret of the webhook's handshake
   * @throws InvalidDataException if a text is blank, too long, or can't be stored as text
   */
  public NewWhatsAppConfig {
    requireNonNull(userId, "userId");
    Texts.requireFilled(whatsappNumber, "whatsappNumber", MAX_NUMBER_LENGTH);
    Texts.requireFilled(webhookUrl, "webhookUrl", MAX_URL_LENGTH);
    Texts.requireShort(apiKey, "apiKey", MAX_KEY_LENGTH);
    Texts.requireShort(businessAccountId, "businessAccountId", MAX_ID_LENGTH);
    requireNonNull(phoneNumberId, "phoneNumberId")
        .ifPresent(id -> Texts.requireId(id, "phoneNumberId", MAX_ID_LENGTH));
    Texts.requireShort(verifyToken, "verifyToken", MAX_TOKEN_LENGTH);
  }

  /**
   * A configuration with what it must have.
   *
   * @param userId the user it belongs to
   * @param whatsappNumber the business phone number, 1 to 20 characters
   * @param webhookUrl where callbacks are sent, not blank
   * @return the configuration
   */
  public static NewWhatsAppConfig of(UUID userId, String whatsappNumber, String webhookUrl) {
    return new NewWhatsAppConfig(
        userId,
        whatsappNumber,
        webhookUrl,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * The same configuration with an API key.
   *
   * @param apiKey the secret for calls to the API
   * @return the configuration
   */
  public NewWhatsAppConfig apiKey(String apiKey) {
    return new NewWhatsAppConfig(
        userId,
        whatsappNumber,
        webhookUrl,
        Optional.of(apiKey),
        businessAccountId,
        phoneNumberId,
        verifyToken);
  }

  /**
   * The same configuration with a business account.
   *
   * @param businessAccountId the WhatsApp business account, at most 100 characters
   * @return the configuration
   */
  public NewWhatsAppConfig businessAccountId(String businessAccountId) {
    return new NewWhatsAppConfig(
        userId,
        whatsappNumber,
        webhookUrl,
        apiKey,
        Optional.of(businessAccountId),
        phoneNumberId,
        verifyToken);
  }

  /**
   * The same configuration with a phone number id.
   *
   * @param phoneNumberId what bodies name their receiver by, at most 100 letters (A to Z), digits,
   *     _, - and .
   * @return the configuration
   */
  public NewWhatsAppConfig phoneNumberId(String phoneNumberId) {
    return new NewWhatsAppConfig(
        userId,
        whatsappNumber,
        webhookUrl,
        apiKey,
        businessAccountId,
        Optional.of(phoneNumberId),
        verifyToken);
  }

  /**
   * The same configuration with a verify token.
   *
   * @param verifyToken the secret of the webhook's handshake
   * @return the configuration
   */
  public NewWhatsAppConfig verifyToken(String verifyToken) {
    return new NewWhatsAppConfig(
        userId,
        whatsappNumber,
        webhookUrl,
        apiKey,
        businessAccountId,
        phoneNumberId,
        Optional.of(verifyToken));
  }

  /** Shows neither the API key nor the verify token. */
  @Override
  public String toString() {
    return "NewWhatsAppConfig[userId="
        + userId
        + ", whatsappNumber="
        + whatsappNumber
        + ", webhookUrl="
        + webhookUrl
        + ", businessAccountId="
        + businessAccountId
        + ", phoneNumberId="
        + phoneNumberId
        + "]";
  }
}
