package dev.dovetable.core.deliveries;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.messages.Message;
import java.util.Optional;

/**
 * A message as a screen shows it. Immutable and thread-safe.
 *
 * @param message the message
 * @param details what is behind its text: kind, file, who wrote it in a group; empty if no webhook
 *     brought it
 * @param delivery what became of it: its states, with their times, the last edit, a revocation, the
 *     reactions, and through which business number it came or went, and who sent it; empty if
 *     WhatsApp's id of it isn't known
 * @param quoted the message that it answers, as that was sent; empty if it answers none, or one
 *     that isn't there, whose id {@link MessageDetails#repliesTo()} tells
 */
public record TimelineMessage(
    Message message,
    Optional<MessageDetails> details,
    Optional<Delivery> delivery,
    Optional<Message> quoted) {

  /**
   * Checks that all is there.
   *
   * @param message the message
   * @param details what is behind its text
   * @param delivery what became of it
   * @param quoted the message that it answers
   */
  public TimelineMessage {
    requireNonNull(message, "message");
    requireNonNull(details, "details");
    requireNonNull(delivery, "delivery");
    requireNonNull(quoted, "quoted");
  }

  /**
   * How it reads now.
   *
   * @return the text of the last edit, or else the message's own; of one that was taken back, too
   */
  public String text() {
    return delivery.flatMap(Delivery::edit).map(Delivery.Edit::text).orElse(message.text());
  }
}
