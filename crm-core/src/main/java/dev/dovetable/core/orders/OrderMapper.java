package dev.dovetable.core.orders;

import dev.dovetable.core.internal.sql.Times;
import dev.dovetable.core.jooq.tables.Orders;
import dev.dovetable.core.jooq.tables.OrdersItems;
import java.util.List;
import java.util.Optional;
import org.jooq.Record;
import org.jooq.Result;
import org.jspecify.annotations.Nullable;

/**
 * Rows of an agent's orders and their items. Takes the tables as they are named or aliased in the
 * query.
 */
final class OrderMapper {

  private OrderMapper() {}

  static Order order(Record row, Orders t) {
    return new Order(
        row.get(t.ID),
        row.get(t.CUSTOMER_ID),
        row.get(t.TOTAL_AMOUNT),
        status(row.get(t.STATUS)),
        Optional.ofNullable(row.get(t.NOTES)),
        Optional.ofNullable(row.get(t.SHIPPING_ADDRESS)),
        Times.orEpoch(row.get(t.CREATED_AT)),
        Times.orEpoch(row.get(t.UPDATED_AT)));
  }

  /** The column allows null, although it has a default. */
  static OrderStatus status(@Nullable String column) {
    return column == null ? OrderStatus.PENDING : new OrderStatus(column);
  }

  static OrderItem item(Record row, OrdersItems t) {
    return new OrderItem(
        row.get(t.ID),
        row.get(t.ORDER_ID),
        row.get(t.NAME),
        row.get(t.QUANTITY),
        row.get(t.PRICE),
        row.get(t.TOTAL),
        Times.orEpoch(row.get(t.CREATED_AT)));
  }

  /** From one row per item, or one without an item; empty if there is none. */
  static Optional<OrderWithItems> orderWithItems(
      Result<? extends Record> rows, Orders o, OrdersItems i) {
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    List<OrderItem> found =
        rows.stream().filter(row -> row.get(i.ID) != null).map(row -> item(row, i)).toList();
    return Optional.of(new OrderWithItems(order(rows.get(0), o), found));
  }
}
