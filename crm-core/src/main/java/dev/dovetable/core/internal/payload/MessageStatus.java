package dev.dovetable.core.internal.payload;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * How far a message of the business got.
 *
 * @param providerId the message's id, of at most {@value JsonFields#MAX_ID_LENGTH} characters
 * @param timestamp the provider's time, to the second
 * @param recipientPhone the customer's number; in a group that of the member
 * @param recipientUserId the customer's business-scoped user id
 * @param errors why it failed: an array in JSON that jsonb can store, empty if there are none
 * @param payload the whole status as the provider sent it, as JSON that jsonb can store
 */
public record MessageStatus(
    String providerId,
    State state,
    Instant timestamp,
    Optional<String> recipientPhone,
    Optional<String> recipientUserId,
    String errors,
    String payload) {

  /** The states that the provider documents. */
  public enum State {
    /** The provider took it. */
    SENT,
    /** It arrived on the customer's phone. */
    DELIVERED,
    /** The customer saw it. */
    READ,
    /** The customer listened to it; only for voice messages. */
    PLAYED,
    /** It could not be sent or delivered. */
    FAILED,
    /** The customer deleted it. */
    DELETED;

    static Optional<State> of(String name) {
      String upper = name.toUpperCase(Locale.ROOT);
      for (State state : values()) {
        if (state.name().equals(upper)) {
          return Optional.of(state);
        }
      }
      return Optional.empty();
    }
  }
}
