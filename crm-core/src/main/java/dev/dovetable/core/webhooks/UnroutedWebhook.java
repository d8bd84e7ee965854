package dev.dovetable.core.webhooks;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * A webhook body, or a part of one, that was kept as it came: {@link Webhooks#unroutedBody} has it.
 * Immutable and thread-safe.
 *
 * @param id the id, for {@link Webhooks#replay}
 * @param receivedAt when it came first
 * @param reason why it is here
 * @param phoneNumberId the business number that it was for; empty if it names none
 */
public record UnroutedWebhook(
    long id, Instant receivedAt, Reason reason, Optional<String> phoneNumberId) {

  /** Why something was kept. New reasons may be added. */
  public enum Reason {
    /** Nobody has the phone number id. */
    UNKNOWN_NUMBER,
    /**
     * The number is paused, or its configuration isn't active; so the latter is after its agent
     * went.
     */
    INACTIVE_CONFIGURATION,
    /** Several configurations had the phone number id. Kept by an earlier release. */
    AMBIGUOUS_NUMBER,
    /** The user whose configuration has the number has no agent, or its agent has no user. */
    NO_AGENT,
    /**
     * It was to be replayed, and the number is another agent's than when it came: nobody gets what
     * was written to somebody else.
     */
    NUMBER_MOVED,
    /**
     * It tells something else than messages and their statuses. Kept by an earlier release: {@link
     * Webhooks#replay} brings it to where it belongs.
     */
    NO_MESSAGES,
    /** There is something in it that was not understood; the rest is stored with its agent. */
    NOT_UNDERSTOOD,
    /** It is no JSON, or none in the shape that WhatsApp documents. */
    UNREADABLE,
    /** The database refused a value in it. */
    REFUSED
  }

  /**
   * Checks that nothing is null.
   *
   * @param id the id
   * @param receivedAt when it came first
   * @param reason why it is here
   * @param phoneNumberId the business number that it was for
   */
  public UnroutedWebhook {
    requireNonNull(receivedAt, "receivedAt");
    requireNonNull(reason, "reason");
    requireNonNull(phoneNumberId, "phoneNumberId");
  }
}
