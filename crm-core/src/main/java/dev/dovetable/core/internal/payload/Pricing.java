package dev.dovetable.core.internal.payload;

import java.util.Optional;

/**
 * What a message costs, as statuses tell it.
 *
 * @param model such as {@code PMP}, a price for each message
 * @param category such as {@code marketing}, {@code utility} or {@code service}
 * @param type such as {@code regular} or {@code free_customer_service}
 */
public record Pricing(
    Optional<Boolean> billable,
    Optional<String> model,
    Optional<String> category,
    Optional<String> type) {}
