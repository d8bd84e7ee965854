package dev.dovetable.core.messages;

import java.time.Instant;

/**
 * A row of {@code {prefix}_messages}. Immutable and thread-safe.
 *
 * @param id the id, unique within the agent
 * @param customerId the customer who sent or received it
 * @param text the content
 * @param direction which way it went
 * @param timestamp when, to the microsecond; {@link Instant#EPOCH} where somebody's own SQL wrote
 *     null, and such a message is in no timeline
 */
public record Message(
    int id, int customerId, String text, MessageDirection direction, Instant timestamp) {}
