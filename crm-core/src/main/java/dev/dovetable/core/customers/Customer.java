package dev.dovetable.core.customers;

import java.time.Instant;

/**
 * A row of {@code {prefix}_customers}. Immutable and thread-safe.
 *
 * @param id the id, unique within the agent
 * @param name the name
 * @param phone the phone number, as it was given
 * @param createdAt when the row was made
 */
public record Customer(int id, String name, String phone, Instant createdAt) {}
