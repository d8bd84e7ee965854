package dev.dovetable.core.orders;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.jooq.tables.Orders;
import dev.dovetable.core.jooq.tables.OrdersItems;
import dev.dovetable.core.jooq.tables.records.OrdersItemsRecord;
import dev.dovetable.core.jooq.tables.records.OrdersRecord;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jooq.CommonTableExpression;
import org.jooq.InsertResultStep;
import org.jooq.Record4;
import org.jooq.Row4;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** The statement that makes an order with its items. Immutable and thread-safe. */
final class OrderPlacement {
  private final Session session;
  private final AgentIdentity identity;
  private final Orders orders;
  private final OrdersItems items;

  OrderPlacement(Session session, AgentIdentity identity, Orders orders, OrdersItems items) {
    this.session = session;
    this.identity = identity;
    this.orders = orders;
    this.items = items;
  }

  OrderWithItems place(NewOrder order) {
    try {
      return order.items().isEmpty() ? placeEmpty(order) : placeWithItems(order);
    } catch (InvalidDataException e) {
      throw e.kind() == InvalidDataException.Kind.FOREIGN_KEY
          ? identity.notFound("customer " + order.customerId())
          : e;
    }
  }

  private OrderWithItems placeEmpty(NewOrder order) {
    return session
        .dsl()
        .fetchSingle(insert(order))
        .map(row -> new OrderWithItems(OrderMapper.order(row, orders), List.of()));
  }

  /** with placed as (insert …), added as (insert … select … from placed, values …) select … */
  private OrderWithItems placeWithItems(NewOrder order) {
    List<Row4<Integer, String, Integer, BigDecimal>> rows = new ArrayList<>();
    for (NewOrderItem item : order.items()) {
      rows.add(DSL.row(rows.size(), item.name(), item.quantity(), item.price()));
    }
    Table<Record4<Integer, String, Integer, BigDecimal>> wanted = values(rows);
    // Aliases with the names of the two expressions: their columns are read through these.
    Orders placed = orders.as("placed");
    OrdersItems added = items.as("added");
    CommonTableExpression<OrdersRecord> insertOrder = DSL.name("placed").as(insert(order));
    CommonTableExpression<OrdersItemsRecord> insertItems =
        DSL.name("added")
            .as(
                DSL.insertInto(items, items.ORDER_ID, items.NAME, items.QUANTITY, items.PRICE)
                    .select(
                        DSL.select(
                                placed.ID,
                                wanted.field("name", String.class),
                                wanted.field("quantity", Integer.class),
                                wanted.field("price", BigDecimal.class))
                            .from(insertOrder)
                            .crossJoin(wanted)
                            .orderBy(wanted.field("position")))
                    .returning());
    OrderWithItems result =
        OrderMapper.orderWithItems(
                session
                    .dsl()
                    .with(insertOrder)
                    .with(insertItems)
                    .select(placed.fields())
                    .select(added.fields())
                    .from(insertOrder)
                    .crossJoin(insertItems)
                    .orderBy(added.ID)
                    .fetch(),
                placed,
                added)
            .orElseThrow();
    return withTotal(result);
  }

  private InsertResultStep<OrdersRecord> insert(NewOrder order) {
    return DSL.insertInto(orders)
        .set(orders.CUSTOMER_ID, order.customerId())
        .set(orders.STATUS, order.status().value())
        .set(orders.NOTES, order.notes().orElse(null))
        .set(orders.SHIPPING_ADDRESS, order.shippingAddress().orElse(null))
        .returning();
  }

  /** The statement sees the order as it was before the triggers; they make the same sum. */
  private static OrderWithItems withTotal(OrderWithItems placed) {
    Order order = placed.order();
    BigDecimal total =
        placed.items().stream().map(OrderItem::total).reduce(BigDecimal.ZERO, BigDecimal::add);
    return new OrderWithItems(
        new Order(
            order.id(),
            order.customerId(),
            total,
            order.status(),
            order.notes(),
            order.shippingAddress(),
            order.createdAt(),
            order.updatedAt()),
        placed.items());
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Table<Record4<Integer, String, Integer, BigDecimal>> values(
      List<Row4<Integer, String, Integer, BigDecimal>> rows) {
    return DSL.values(rows.toArray(new Row4[0]))
        .as("wanted", "position", "name", "quantity", "price");
  }
}
