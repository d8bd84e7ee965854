package dev.dovetable.core.orders;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.jooq.tables.Orders;
import dev.dovetable.core.jooq.tables.OrdersItems;
import dev.dovetable.core.jooq.tables.records.OrdersItemsRecord;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.jooq.InsertValuesStep4;

/** The items of orders that are there already. Immutable and thread-safe. */
final class OrderLines {
  private final Session session;
  private final AgentIdentity identity;
  private final Orders orders;
  private final OrdersItems items;

  OrderLines(Session session, AgentIdentity identity, Orders orders, OrdersItems items) {
    this.session = session;
    this.identity = identity;
    this.orders = orders;
    this.items = items;
  }

  Optional<OrderWithItems> order(int id) {
    return OrderMapper.orderWithItems(
        session
            .dsl()
            .select(orders.fields())
            .select(items.fields())
            .from(orders)
            .leftJoin(items)
            .on(items.ORDER_ID.eq(orders.ID))
            .where(orders.ID.eq(id))
            .orderBy(items.ID)
            .fetch(),
        orders,
        items);
  }

  List<OrderItem> add(int orderId, List<NewOrderItem> added) {
    if (added.isEmpty()) {
      return List.of();
    }
    InsertValuesStep4<OrdersItemsRecord, Integer, String, Integer, BigDecimal> insert =
        session.dsl().insertInto(items, items.ORDER_ID, items.NAME, items.QUANTITY, items.PRICE);
    for (NewOrderItem item : added) {
      insert = insert.values(orderId, item.name(), item.quantity(), item.price());
    }
    try {
      return insert.returning().fetch(row -> OrderMapper.item(row, items));
    } catch (InvalidDataException e) {
      throw e.kind() == InvalidDataException.Kind.FOREIGN_KEY
          ? identity.notFound("order " + orderId)
          : e;
    }
  }

  OrderItem change(int itemId, NewOrderItem item) {
    return session
        .dsl()
        .update(items)
        .set(items.NAME, item.name())
        .set(items.QUANTITY, item.quantity())
        .set(items.PRICE, item.price())
        .where(items.ID.eq(itemId))
        .returning()
        .fetchOptional(row -> OrderMapper.item(row, items))
        .orElseThrow(() -> identity.notFound("order item " + itemId));
  }

  boolean remove(int itemId) {
    return session.dsl().deleteFrom(items).where(items.ID.eq(itemId)).execute() > 0;
  }
}
