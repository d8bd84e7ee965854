package dev.dovetable.core.messages;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.internal.sql.Texts;
import dev.dovetable.core.internal.sql.Times;
import java.time.Instant;
import java.util.Optional;

/**
 * A message to be recorded. Immutable and thread-safe.
 *
 * @param customerId the customer who sent it or gets it
 * @param direction which way it goes
 * @param text the content; may be empty
 * @param timestamp when it was sent, exact to the microsecond; empty for now: the start of the
 *     transaction on the server
 */
public record NewMessage(
    int customerId, MessageDirection direction, String text, Optional<Instant> timestamp) {

  /**
   * Checks text and time.
   *
   * @param customerId the customer who sent it or gets it
   * @param direction which way it goes
   * @param text the content
   * @param timestamp when it was sent
   * @throws InvalidDataException if the text can't be stored, or the time is out of PostgreSQL's
   *     range
   */
  public NewMessage {
    requireNonNull(direction, "direction");
    Texts.require(text, "text");
    timestamp.ifPresent(time -> Times.require(time, "timestamp"));
  }

  /**
   * A message from a customer, as of now.
   *
   * @param customerId the customer who sent it
   * @param text the content; may be empty
   * @return the message
   */
  public static NewMessage inbound(int customerId, String text) {
    return new NewMessage(customerId, MessageDirection.INBOUND, text, Optional.empty());
  }

  /**
   * A message to a customer, as of now.
   *
   * @param customerId the customer who gets it
   * @param text the content; may be empty
   * @return the message
   */
  public static NewMessage outbound(int customerId, String text) {
    return new NewMessage(customerId, MessageDirection.OUTBOUND, text, Optional.empty());
  }

  /**
   * The same message at another time.
   *
   * @param timestamp when it was sent
   * @return the message
   */
  public NewMessage at(Instant timestamp) {
    return new NewMessage(customerId, direction, text, Optional.of(timestamp));
  }
}
