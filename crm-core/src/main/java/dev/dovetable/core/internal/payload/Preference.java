package dev.dovetable.core.internal.payload;

import java.time.Instant;

/**
 * That somebody wants no advertising, or wants it again.
 *
 * @param at the provider's time, to the second
 * @param place in the body
 * @param category of what
 * @param value the provider's name for it: {@code stop} or {@code resume}
 * @param detail the same in words; may be empty
 */
public record Preference(
    Sender person, Instant at, int place, String category, String value, String detail) {}
