package dev.dovetable.core.users;

import java.time.Instant;
import java.util.UUID;

/**
 * A row of {@code users}. Immutable and thread-safe.
 *
 * @param id the id, in Supabase the one in {@code auth.users}
 * @param name the full name
 * @param email the e-mail address, unique
 * @param role what the user is
 * @param createdAt when the row was made; {@link Instant#EPOCH} where somebody's own SQL wrote null
 */
public record User(UUID id, String name, String email, UserRole role, Instant createdAt) {}
