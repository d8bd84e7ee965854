package dev.dovetable.core.orders;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.Cursor;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.Keyset;
import dev.dovetable.core.jooq.tables.Orders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.OrderField;
import org.jooq.impl.DSL;

/** Orders without their items, newest first, page by page. Immutable and thread-safe. */
final class OrderLists {
  private final Session session;
  private final String list;
  private final Orders orders;

  OrderLists(Session session, String prefix, Orders orders) {
    this.session = session;
    this.list = prefix + ".orders";
    this.orders = orders;
  }

  Page<Order> all(PageRequest page) {
    return byId(DSL.noCondition(), list, page);
  }

  Page<Order> byCustomer(int customerId, PageRequest page) {
    return byId(orders.CUSTOMER_ID.eq(customerId), list + "." + customerId, page);
  }

  Page<Order> byStatus(OrderStatus status, PageRequest page) {
    Condition in = orders.STATUS.eq(status.value());
    return byId(
        status.equals(OrderStatus.PENDING) ? in.or(orders.STATUS.isNull()) : in,
        // The text itself may hold what separates the keys of a cursor, and be too long for one.
        list + ".status." + UUID.nameUUIDFromBytes(status.value().getBytes(StandardCharsets.UTF_8)),
        page);
  }

  Page<Order> placedBetween(Instant from, Instant to, PageRequest page) {
    String placed = list + ".placed";
    return page(
        orders.CREATED_AT.ge(from).and(orders.CREATED_AT.lt(to)),
        page,
        cursor -> {
          List<String> keys = Keyset.keys(cursor, placed, 2);
          return DSL.row(orders.CREATED_AT, orders.ID)
              .lt(Keyset.toInstant(keys.get(0)), Keyset.toInt(keys.get(1)));
        },
        List.of(orders.CREATED_AT.desc(), orders.ID.desc()),
        last -> Keyset.cursor(placed, last.createdAt(), last.id()));
  }

  private Page<Order> byId(Condition which, String name, PageRequest page) {
    return page(
        which,
        page,
        cursor -> orders.ID.lt(Keyset.toInt(Keyset.keys(cursor, name, 1).get(0))),
        List.of(orders.ID.desc()),
        last -> Keyset.cursor(name, last.id()));
  }

  private Page<Order> page(
      Condition which,
      PageRequest page,
      Function<Cursor, Condition> rest,
      List<OrderField<?>> order,
      Function<Order, Cursor> cursor) {
    List<Order> fetched =
        session
            .dsl()
            .selectFrom(orders)
            .where(which)
            .and(requireNonNull(page, "page").after().map(rest).orElse(DSL.noCondition()))
            .orderBy(order)
            .limit(page.limit() + 1)
            .fetch(row -> OrderMapper.order(row, orders));
    return Keyset.page(fetched, page, cursor);
  }
}
