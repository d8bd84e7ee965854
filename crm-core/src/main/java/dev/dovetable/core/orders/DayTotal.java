package dev.dovetable.core.orders;

import java.math.BigDecimal;
import java.time.LocalDate;

/**
 * What the orders placed on one day come to. Immutable and thread-safe.
 *
 * @param day the day in UTC
 * @param orders how many orders were placed on it, in whatever state they are now
 * @param total the sum of their totals, two decimals
 */
public record DayTotal(LocalDate day, long orders, BigDecimal total) {}
