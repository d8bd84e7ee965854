package dev.dovetable.core.internal.payload;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * How far a message of the business got.
 *
 * @param providerId the message's id, of at most {@value JsonFields#MAX_ID_LENGTH} characters
 * @param place in the body
 * @param timestamp the provider's time, to the second
 * @param recipient the customer; in a group the member; empty if none is told
 * @param groupId set if it was sent to a group
 * @param pricing what it costs
 * @param conversation what it is counted to
 * @param callbackData what the application gave along with it when it sent it
 * @param errors why it failed: an array in JSON that jsonb can store, empty if there are none
 * @param payload the whole status as the provider sent it, as JSON that jsonb can store
 */
public record MessageStatus(
    String providerId,
    int place,
    State state,
    Instant timestamp,
    Optional<Sender> recipient,
    Optional<String> groupId,
    Optional<Pricing> pricing,
    Optional<PricedConversation> conversation,
    Optional<String> callbackData,
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

    /** Those of the past are called the same, but for a failure. */
    static Optional<State> ofPast(String name) {
      return name.equalsIgnoreCase("ERROR") ? Optional.of(FAILED) : of(name);
    }

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
