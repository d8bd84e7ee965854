package dev.dovetable.core.webhooks;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.messages.MessageDirection;
import dev.dovetable.schema.errors.CrmException;
import java.util.List;
import java.util.Optional;

/**
 * What became of a webhook body, message by message and status by status. Immutable and
 * thread-safe.
 *
 * @param results one for each message and each status in the order of the body, one for each piece
 *     of news, and one for each change that was kept without being understood
 * @param failures why agents' parts were not stored, one for each of these agents; empty as a rule
 */
public record WebhookReport(List<Result> results, List<CrmException> failures) {

  /** What became of a message or a status. New outcomes may be added. */
  public enum Outcome {
    /** The message is in the agent's tables now. */
    STORED,
    /** The message was in the agent's tables already, or was deleted there; nothing has changed. */
    DUPLICATE,
    /** The status was added to those of its message, which is in the agent's tables. */
    STATUS_APPLIED,
    /** The status was kept with the agent for a message that isn't there yet. */
    STATUS_WAITING,
    /** Who wants no advertising, or wants it again, was kept with the customer. */
    CONSENT,
    /** Something else than a message or a status: see {@link Webhooks#news()}. */
    NEWS,
    /** Kept as it came, to be replayed: see {@link Webhooks#unrouted}. */
    KEPT_UNROUTED,
    /** Not in the database, because that failed: WhatsApp has to send it again. */
    FAILED
  }

  /**
   * What became of a message, of a status, of news, or of a change that was not understood.
   *
   * @param outcome what became of it
   * @param prefix the agent's prefix; empty if it has led to no agent
   * @param providerId WhatsApp's id of the message; empty for news and what was not understood
   * @param messageId the message's id in the agent's tables; empty if it isn't there
   * @param customerId whose conversation the message is in, a customer's or a group's, or who wants
   *     advertising or none; empty if it isn't there
   * @param kind what the message is, as {@link
   *     dev.dovetable.core.deliveries.MessageDetails#kind()}; empty for all else
   * @param direction which way the message went; empty for all else
   * @param merged whether it has shown two customers to be one
   */
  public record Result(
      Outcome outcome,
      Optional<String> prefix,
      Optional<String> providerId,
      Optional<Integer> messageId,
      Optional<Integer> customerId,
      Optional<String> kind,
      Optional<MessageDirection> direction,
      boolean merged) {
    /**
     * Checks that nothing is null.
     *
     * @param outcome what became of it
     * @param prefix the agent's prefix
     * @param providerId WhatsApp's id of the message
     * @param messageId the message's id in the agent's tables
     * @param customerId whose conversation it is in
     * @param kind what the message is
     * @param direction which way it went
     * @param merged whether it has shown two customers to be one
     */
    public Result {
      requireNonNull(outcome, "outcome");
      requireNonNull(prefix, "prefix");
      requireNonNull(providerId, "providerId");
      requireNonNull(messageId, "messageId");
      requireNonNull(customerId, "customerId");
      requireNonNull(kind, "kind");
      requireNonNull(direction, "direction");
    }
  }

  /**
   * Copies the lists.
   *
   * @param results one for each message and status
   * @param failures why agents' parts were not stored
   */
  public WebhookReport {
    results = List.copyOf(results);
    failures = List.copyOf(failures);
  }

  /**
   * What to answer WhatsApp. It sends again what isn't answered with 200, for up to seven days;
   * what was stored of it by then is a {@link Outcome#DUPLICATE}.
   *
   * @return 200 if all of the body is in the database, stored or kept; 500 if a part is not
   */
  public int httpStatus() {
    return failures.isEmpty() ? 200 : 500;
  }

  /**
   * How many results have an outcome.
   *
   * @param outcome the outcome
   * @return their number
   */
  public long count(Outcome outcome) {
    return results.stream().filter(result -> result.outcome() == outcome).count();
  }
}
