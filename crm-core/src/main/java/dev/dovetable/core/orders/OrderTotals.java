package dev.dovetable.core.orders;

import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.jooq.tables.Orders;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jooq.AggregateFunction;
import org.jooq.Field;
import org.jooq.impl.DSL;

/** Sums over orders. Immutable and thread-safe. */
final class OrderTotals {
  private final Session session;
  private final Orders orders;
  private final AggregateFunction<Integer> count = DSL.count();
  private final Field<BigDecimal> sum;

  OrderTotals(Session session, Orders orders) {
    this.session = session;
    this.orders = orders;
    this.sum = DSL.sum(orders.TOTAL_AMOUNT);
  }

  List<StatusTotal> byStatus() {
    Field<String> status =
        DSL.coalesce(orders.STATUS, DSL.inline(OrderStatus.PENDING.value())).as("state");
    return session
        .dsl()
        .select(status, count, sum)
        .from(orders)
        .groupBy(status)
        .orderBy(status)
        .fetch(row -> new StatusTotal(new OrderStatus(row.value1()), row.value2(), row.value3()));
  }

  List<DayTotal> byDay(Instant from, Instant to) {
    // The column holds UTC. Not cast to date: JDBC's dates of before 1582 are of another calendar.
    Field<Instant> day =
        DSL.function(
                "date_trunc", orders.CREATED_AT.getDataType(), DSL.inline("day"), orders.CREATED_AT)
            .as("day");
    return session
        .dsl()
        .select(day, count, sum)
        .from(orders)
        .where(orders.CREATED_AT.ge(from))
        .and(orders.CREATED_AT.lt(to))
        .groupBy(day)
        .orderBy(day)
        .fetch(
            row ->
                new DayTotal(
                    LocalDate.ofInstant(row.value1(), ZoneOffset.UTC), row.value2(), row.value3()));
  }
}
