package dev.dovetable.core.internal.payload;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that a change tells besides messages and statuses.
 *
 * @param at the provider's time of the entry
 * @param payload a JSON object that jsonb can store: the change's value, or the part of it that is
 *     no message
 */
public record NewsPiece(Optional<Instant> at, String payload) {}
