package dev.dovetable.core.orders;

import dev.dovetable.schema.errors.CrmException;

/**
 * The order is in a state that it may not be changed from: somebody else may have changed it just
 * before. Nothing was changed.
 */
public final class OrderStatusConflictException extends CrmException {
  private static final long serialVersionUID = 1L;

  /** The order's id. */
  private final int orderId;

  /** The text of the state it is in; the record itself can't be serialized. */
  private final String present;

  OrderStatusConflictException(String prefix, int orderId, OrderStatus present, OrderStatus to) {
    super(
        "Order "
            + orderId
            + " of agent "
            + prefix
            + " is "
            + present
            + ", so it can't become "
            + to
            + ".",
        "Look at the order as it is now, and decide anew.");
    this.orderId = orderId;
    this.present = present.value();
  }

  /**
   * Which order.
   *
   * @return its id
   */
  public int orderId() {
    return orderId;
  }

  /**
   * The state that the order was in when the change was refused.
   *
   * @return the state
   */
  public OrderStatus present() {
    return new OrderStatus(present);
  }
}
