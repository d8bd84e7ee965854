package dev.dovetable.core.agents;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A row of {@code agents}. Immutable and thread-safe.
 *
 * @param id the agent's id, which never changes
 * @param prefix what the names of the agent's tables begin with, which never changes
 * @param userId the user who works as this agent; empty once that user was deleted
 * @param createdBy the user who made the agent
 * @param createdAt when it was made; {@link Instant#EPOCH} where somebody's own SQL wrote null
 */
public record Agent(
    long id, String prefix, Optional<UUID> userId, UUID createdBy, Instant createdAt) {}
