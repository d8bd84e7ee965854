package dev.dovetable.core.agents;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Somebody who works with an agent beside its own user. Immutable and thread-safe.
 *
 * @param userId the member
 * @param name the member's name
 * @param email the member's e-mail address
 * @param addedBy who added them; empty if a backend did, or that user is gone
 * @param addedAt since when
 */
public record AgentMember(
    UUID userId, String name, String email, Optional<UUID> addedBy, Instant addedAt) {}
