package dev.dovetable.core.internal.payload;

import java.util.Optional;

/**
 * A customer; the phone number or the user id is there.
 *
 * @param phone as the provider writes it: digits with the country code, as a rule
 * @param userId the business-scoped user id, which callbacks carry since April 2026
 * @param name the name in the profile, else the user name
 */
public record Sender(Optional<String> phone, Optional<String> userId, Optional<String> name) {}
