package dev.dovetable.core.inbox;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.deliveries.DeliveryState;
import dev.dovetable.core.messages.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A line of an inbox. Immutable and thread-safe.
 *
 * @param customer the customer
 * @param lastMessage the newest message, by its time; its direction tells who wrote it
 * @param lastMessageState how far that has got; empty if the customer wrote it, or WhatsApp has
 *     told nothing yet
 * @param state what is unread, waiting and assigned, and the tags
 */
public record InboxConversation(
    Customer customer,
    Message lastMessage,
    Optional<DeliveryState> lastMessageState,
    ConversationState state) {

  /** How long after a customer's message WhatsApp lets one answer with any text. */
  private static final Duration WINDOW = Duration.ofHours(24);

  /**
   * Checks that nothing is null.
   *
   * @param customer the customer
   * @param lastMessage the newest message
   * @param lastMessageState how far that has got
   * @param state what is unread, waiting and assigned, and the tags
   */
  public InboxConversation {
    requireNonNull(customer, "customer");
    requireNonNull(lastMessage, "lastMessage");
    requireNonNull(lastMessageState, "lastMessageState");
    requireNonNull(state, "state");
  }

  /**
   * Until when WhatsApp lets one answer with any text; from then on with templates alone.
   *
   * @return 24 hours after the customer's last message; empty if there is none
   */
  public Optional<Instant> windowEndsAt() {
    return state.lastInboundAt().map(time -> time.plus(WINDOW));
  }
}
