package dev.dovetable.core.messages;

import dev.dovetable.core.customers.Customer;

/**
 * A customer and the last message from or to them. Immutable and thread-safe.
 *
 * @param customer the customer
 * @param lastMessage their newest message; its direction tells whose turn it is
 */
public record Conversation(Customer customer, Message lastMessage) {}
