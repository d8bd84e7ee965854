package dev.dovetable.core.orders;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * A row of {@code {prefix}_orders_items}. Immutable and thread-safe.
 *
 * @param id the id, unique within the agent
 * @param orderId the order it belongs to
 * @param name what was ordered
 * @param quantity how many
 * @param price of one, two decimals
 * @param total quantity times price, two decimals
 * @param createdAt when the row was made; {@link Instant#EPOCH} where somebody's own SQL wrote null
 */
public record OrderItem(
    int id,
    int orderId,
    String name,
    int quantity,
    BigDecimal price,
    BigDecimal total,
    Instant createdAt) {}
