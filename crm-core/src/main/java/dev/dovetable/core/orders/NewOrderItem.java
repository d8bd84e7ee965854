package dev.dovetable.core.orders;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.InvalidDataException.Kind;
import dev.dovetable.core.internal.sql.Texts;
import java.math.BigDecimal;

/**
 * An item to be added to an order. Immutable and thread-safe.
 *
 * @param name what is ordered, not blank
 * @param quantity how many, at least 1
 * @param price of one, from 0 to 99999999.99 with at most two decimals
 */
public record NewOrderItem(String name, int quantity, BigDecimal price) {
  private static final int SCALE = 2;
  private static final BigDecimal MAX_PRICE = new BigDecimal("99999999.99");

  /**
   * Checks the bounds of the columns. More than two decimals are refused, because the database
   * would round them.
   *
   * @param name what is ordered
   * @param quantity how many
   * @param price of one
   * @throws InvalidDataException if a bound is not kept
   */
  public NewOrderItem {
    Texts.requireFilled(name, "name");
    if (quantity < 1) {
      throw new InvalidDataException(
          Kind.OUT_OF_BOUNDS, "quantity is " + quantity + ".", "It must be at least 1.");
    }
    requireNonNull(price, "price");
    if (price.signum() < 0 || price.compareTo(MAX_PRICE) > 0) {
      throw new InvalidDataException(
          Kind.OUT_OF_BOUNDS,
          "price is out of its bounds.",
          "It must be from 0 to " + MAX_PRICE + ".");
    }
    if (price.stripTrailingZeros().scale() > SCALE) {
      throw new InvalidDataException(
          Kind.OUT_OF_BOUNDS,
          "price has more than two decimals.",
          "Round it first: price.setScale(2, RoundingMode.HALF_EVEN), say.");
    }
  }
}
