package dev.dovetable.core.orders;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.jooq.tables.Orders;
import dev.dovetable.core.jooq.tables.records.OrdersRecord;
import java.util.Collection;
import java.util.List;
import org.jooq.CommonTableExpression;
import org.jooq.Record;
import org.jooq.impl.DSL;

/** Changes an order's state if it is in one of some states. Immutable and thread-safe. */
final class OrderTransition {
  private final Session session;
  private final AgentIdentity identity;
  private final Orders orders;

  OrderTransition(Session session, AgentIdentity identity, Orders orders) {
    this.session = session;
    this.identity = identity;
    this.orders = orders;
  }

  /**
   * with present as (select … for no key update), changed as (update … from present …) select …
   *
   * <p>The row is locked first: without that, a statement that had to wait for another one would
   * find nothing to change, and report the state from before the wait.
   */
  Order change(int id, Collection<OrderStatus> from, OrderStatus to) {
    if (from.isEmpty()) {
      throw new InvalidDataException(
          InvalidDataException.Kind.MISSING,
          "There is no state that the order may be changed from.",
          "Name at least one, or use changeStatus without them.");
    }
    Orders present = orders.as("present");
    Orders changed = orders.as("changed");
    List<String> allowed = from.stream().map(OrderStatus::value).toList();
    CommonTableExpression<OrdersRecord> lock =
        DSL.name("present").as(DSL.selectFrom(orders).where(orders.ID.eq(id)).forNoKeyUpdate());
    CommonTableExpression<OrdersRecord> update =
        DSL.name("changed")
            .as(
                DSL.update(orders)
                    .set(orders.STATUS, to.value())
                    .from(lock)
                    .where(orders.ID.eq(present.ID))
                    .and(
                        DSL.coalesce(present.STATUS, DSL.inline(OrderStatus.PENDING.value()))
                            .in(allowed))
                    .returning(orders.fields()));
    Record row =
        session
            .dsl()
            .with(lock)
            .with(update)
            .select(changed.fields())
            .select(present.STATUS)
            .from(lock)
            .leftJoin(update)
            .on(changed.ID.eq(present.ID))
            .fetchOptional()
            .orElseThrow(() -> identity.notFound("order " + id));
    if (row.get(changed.ID) == null) {
      throw new OrderStatusConflictException(
          identity.prefix(), id, OrderMapper.status(row.get(present.STATUS)), to);
    }
    return OrderMapper.order(row, changed);
  }
}
