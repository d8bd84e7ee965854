package dev.dovetable.core.whatsapp;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A row of {@code whatsapp_configuration}: how a user is connected to WhatsApp. Immutable and
 * thread-safe.
 *
 * @param id the configuration's id
 * @param userId the user it belongs to; there is one per user
 * @param whatsappNumber the business phone number
 * @param webhookUrl where callbacks are sent
 * @param apiKey the secret for calls to the API
 * @param businessAccountId the WhatsApp business account
 * @param phoneNumberId what bodies name their receiver by
 * @param verifyToken the secret of the webhook's handshake
 * @param active false once it was deleted
 * @param createdAt when it was made
 * @param updatedAt when it was last changed; this and the former are {@link Instant#EPOCH} where
 *     somebody's own SQL wrote null
 */
public record WhatsAppConfig(
    long id,
    UUID userId,
    String whatsappNumber,
    String webhookUrl,
    Optional<String> apiKey,
    Optional<String> businessAccountId,
    Optional<String> phoneNumberId,
    Optional<String> verifyToken,
    boolean active,
    Instant createdAt,
    Instant updatedAt) {

  /** Shows neither the API key nor the verify token. */
  @Override
  public String toString() {
    return "WhatsAppConfig[id="
        + id
        + ", userId="
        + userId
        + ", whatsappNumber="
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
