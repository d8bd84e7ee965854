package dev.dovetable.core.orders;

import java.math.BigDecimal;

/**
 * What the orders in one state come to. Immutable and thread-safe.
 *
 * @param status the state; a null in the column counts as {@link OrderStatus#PENDING}
 * @param orders how many orders are in it
 * @param total the sum of their totals, two decimals
 */
public record StatusTotal(OrderStatus status, long orders, BigDecimal total) {}
