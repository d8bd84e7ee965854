package dev.dovetable.core.inbox;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What a colleague tells the others about a customer, who never sees it. Immutable and thread-safe.
 *
 * @param id the note's id
 * @param customerId the customer
 * @param text the text
 * @param by the signed-in user who wrote it, who may be gone by now; empty if a backend did
 * @param at when
 */
public record ConversationNote(
    long id, int customerId, String text, Optional<UUID> by, Instant at) {}
