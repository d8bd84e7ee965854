package dev.dovetable.core.webhooks;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What became of one message: WhatsApp's id of it, and the states that it has reached. Immutable
 * and thread-safe.
 *
 * @param providerId WhatsApp's id of the message
 * @param state the furthest state that was told of; empty if none was. Failed and deleted are
 *     further than all others
 * @param times when each state that was told of was reached first, in WhatsApp's time
 * @param errors why it failed: a JSON array as WhatsApp sends it, {@code []} if it didn't
 */
public record Delivery(
    String providerId,
    Optional<DeliveryState> state,
    Map<DeliveryState, Instant> times,
    String errors) {

  /**
   * Copies the map.
   *
   * @param providerId WhatsApp's id of the message
   * @param state the furthest state that was told of
   * @param times when each state was reached first
   * @param errors why it failed
   */
  public Delivery {
    requireNonNull(providerId, "providerId");
    requireNonNull(state, "state");
    times = Map.copyOf(times);
    requireNonNull(errors, "errors");
  }

  /**
   * When a state was reached.
   *
   * @param state the state
   * @return the first time; empty if the state was not told of
   */
  public Optional<Instant> at(DeliveryState state) {
    return Optional.ofNullable(times.get(state));
  }
}
