package dev.dovetable.core.orders;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.internal.sql.Texts;

/**
 * The state of an order. The column is open, so this is too: five usual values and whatever else an
 * application writes. With Jackson, it is written as its text. Immutable and thread-safe.
 *
 * @param value what {@code {prefix}_orders.status} holds: up to 50 characters, case matters; blank
 *     only if another client has written that
 */
public record OrderStatus(@JsonValue String value) {
  /** The column's default: placed, and not looked at yet. */
  public static final OrderStatus PENDING = new OrderStatus("pending");

  /** The agent has accepted the order. */
  public static final OrderStatus CONFIRMED = new OrderStatus("confirmed");

  /** On its way to the customer. */
  public static final OrderStatus SHIPPED = new OrderStatus("shipped");

  /** With the customer. */
  public static final OrderStatus DELIVERED = new OrderStatus("delivered");

  /** Will not be carried out. */
  public static final OrderStatus CANCELLED = new OrderStatus("cancelled");

  private static final int MAX_LENGTH = 50;

  /**
   * Checks the bounds of the column.
   *
   * @param value the text of the column
   * @throws InvalidDataException if it is longer than 50 characters, or can't be stored as text
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public OrderStatus {
    Texts.requireShort(Texts.require(value, "status"), "status", MAX_LENGTH);
  }

  /** Other clients may have written blank text, which has to be read, but isn't to be written. */
  OrderStatus requireFilled() {
    Texts.requireFilled(value, "status");
    return this;
  }

  /**
   * The text of the column.
   *
   * @return {@link #value()}
   */
  @Override
  public String toString() {
    return value;
  }
}
