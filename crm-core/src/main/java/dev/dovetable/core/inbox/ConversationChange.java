package dev.dovetable.core.inbox;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * What somebody did with a conversation. What a message opens again isn't told here. Immutable and
 * thread-safe.
 *
 * @param customerId the customer
 * @param version the conversation's version from then on
 * @param kind what was done
 * @param assignee who has it from then on, whatever was done
 * @param previousAssignee who had it until then
 * @param upTo of a status: the last message that was seen
 * @param snoozedUntil of a snooze: until when
 * @param by the signed-in user who did it, who may be gone by now; empty if a backend did
 * @param at when
 */
public record ConversationChange(
    int customerId,
    long version,
    Kind kind,
    Optional<UUID> assignee,
    Optional<UUID> previousAssignee,
    OptionalInt upTo,
    Optional<Instant> snoozedUntil,
    Optional<UUID> by,
    Instant at) {

  /** What was done. */
  public enum Kind {
    /** It was given to somebody. */
    ASSIGNED,
    /** It was taken from somebody, also by ending the membership. */
    UNASSIGNED,
    /** It was opened by hand. */
    OPENED,
    /** It was put off. */
    SNOOZED,
    /** It was closed. */
    CLOSED
  }
}
