package dev.dovetable.core.orders;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * An order and its items. Immutable and thread-safe.
 *
 * @param order the order
 * @param items its items, in the order in which they were added
 */
public record OrderWithItems(Order order, List<OrderItem> items) {

  /**
   * Copies the list.
   *
   * @param order the order
   * @param items its items
   */
  public OrderWithItems {
    requireNonNull(order, "order");
    items = List.copyOf(items);
  }
}
