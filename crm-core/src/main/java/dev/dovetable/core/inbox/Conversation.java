package dev.dovetable.core.inbox;

import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.messages.Message;

/**
 * A customer and the last message from or to them. Immutable and thread-safe.
 *
 * @param customer the customer
 * @param lastMessage their newest message; its direction tells whose turn it is
 */
public record Conversation(Customer customer, Message lastMessage) {}
