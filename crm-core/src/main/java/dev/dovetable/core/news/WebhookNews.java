package dev.dovetable.core.news;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * That WhatsApp told something besides messages and statuses; what it is has {@link
 * NewsContent#payload()}. Immutable and thread-safe.
 *
 * @param id the id, which grows with time
 * @param receivedAt when it came first
 * @param at WhatsApp's time of it; empty if it tells none
 * @param kind what it is about
 * @param field WhatsApp's name for it, such as {@code message_template_status_update}
 * @param phoneNumberId the business number that it is about; empty if it names none
 * @param businessAccountId the business account
 * @param agent the prefix of the agent that had the number then and is still there
 */
public record WebhookNews(
    long id,
    Instant receivedAt,
    Optional<Instant> at,
    NewsKind kind,
    String field,
    Optional<String> phoneNumberId,
    Optional<String> businessAccountId,
    Optional<String> agent) {

  /**
   * Checks that nothing is null.
   *
   * @param id the id
   * @param receivedAt when it came first
   * @param at WhatsApp's time of it
   * @param kind what it is about
   * @param field WhatsApp's name for it
   * @param phoneNumberId the business number
   * @param businessAccountId the business account
   * @param agent the prefix of the agent
   */
  public WebhookNews {
    requireNonNull(receivedAt, "receivedAt");
    requireNonNull(at, "at");
    requireNonNull(kind, "kind");
    requireNonNull(field, "field");
    requireNonNull(phoneNumberId, "phoneNumberId");
    requireNonNull(businessAccountId, "businessAccountId");
    requireNonNull(agent, "agent");
  }
}
