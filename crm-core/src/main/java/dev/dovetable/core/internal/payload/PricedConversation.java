package dev.dovetable.core.internal.payload;

import java.time.Instant;
import java.util.Optional;

/**
 * What the provider counts as one conversation, as statuses tell it.
 *
 * @param origin the category that it was opened by
 * @param expiresAt told by the status {@code sent} alone
 */
public record PricedConversation(
    Optional<String> id, Optional<String> origin, Optional<Instant> expiresAt) {}
