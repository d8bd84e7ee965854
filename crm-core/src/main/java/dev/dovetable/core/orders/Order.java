package dev.dovetable.core.orders;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/**
 * A row of {@code {prefix}_orders}, without its items. Immutable and thread-safe.
 *
 * @param id the id, unique within the agent
 * @param customerId the customer who ordered
 * @param total the sum of the items' totals, two decimals; the database keeps it
 * @param status the state; a null in the column counts as {@link OrderStatus#PENDING}
 * @param notes what else is to be known
 * @param shippingAddress where it goes
 * @param createdAt when it was placed
 * @param updatedAt when it or one of its items was last changed; this and the former are {@link
 *     Instant#EPOCH} where somebody's own SQL wrote null
 */
public record Order(
    int id,
    int customerId,
    BigDecimal total,
    OrderStatus status,
    Optional<String> notes,
    Optional<String> shippingAddress,
    Instant createdAt,
    Instant updatedAt) {}
