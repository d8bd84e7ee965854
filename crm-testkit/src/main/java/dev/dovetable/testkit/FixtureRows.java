package dev.dovetable.testkit;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.jooq.TenantTables;
import dev.dovetable.core.messages.MessageDirection;
import dev.dovetable.core.messages.NewMessage;
import dev.dovetable.core.orders.OrderStatus;
import dev.dovetable.testkit.internal.FictionalNumbers;
import dev.dovetable.testkit.internal.Seeds;
import dev.dovetable.testkit.internal.Sql;
import dev.dovetable.testkit.internal.Voice;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.jooq.DSLContext;
import org.jooq.Param;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** Writes the rows of one agent's fixture. Thread-safe. */
final class FixtureRows {
  private static final int CHUNK = 5_000;
  private static final Duration CUSTOMERS_BEFORE = Duration.ofDays(90);
  private static final Duration EVENTS_BEFORE = Duration.ofDays(60);

  private static final List<String> STATES =
      List.of(
          OrderStatus.PENDING.value(),
          OrderStatus.CONFIRMED.value(),
          OrderStatus.SHIPPED.value(),
          OrderStatus.DELIVERED.value(),
          OrderStatus.CANCELLED.value());
  private static final List<String> GOODS =
      List.of(
          "Coffee, 250 g", "Paper filters, 100", "Grinder brush", "茶葉 100克", "قهوة 500غ", "🧁 × 6");
  private static final List<String> STREETS =
      List.of("12 Example Street, Springfield", "Musterstraße 7, 10115 Berlin", "桜通り 1-2-3, 名古屋市");

  private final TenantScope scope;
  private final TenantTables tables;
  private final Instant now;
  private final IsolationGuard guard;

  FixtureRows(Agents agents, Agent agent) {
    this.scope = agents.service().tenant(agent.prefix());
    this.tables = scope.tables();
    this.now = agents.clock().instant();
    this.guard = agents.guard();
  }

  synchronized void customers(int count) {
    guard.touch(scope.prefix());
    int before = count(tables.customers());
    Random random = Seeds.random(scope.prefix(), "customers", before);
    for (int done = 0; done < count; done += CHUNK) {
      List<String> names = new ArrayList<>();
      List<String> phones = new ArrayList<>();
      List<LocalDateTime> times = new ArrayList<>();
      for (int n = before + done; n < before + Math.min(count, done + CHUNK); n++) {
        names.add(Voice.ofCustomer(n).name(random));
        phones.add(FictionalNumbers.nth(n));
        times.add(spread(CUSTOMERS_BEFORE, n - before, count));
      }
      scope
          .dsl()
          .execute(
              Sql.text("insert_customers.sql"),
              tables.customers(),
              DSL.val(scope.agentId()),
              texts(names),
              texts(phones),
              times(times));
    }
  }

  synchronized void messages(int count) {
    guard.touch(scope.prefix());
    int before = count(tables.messages());
    List<Integer> customers = customers();
    Random random = Seeds.random(scope.prefix(), "messages", before);
    scope
        .messages()
        .importAll(
            IntStream.range(0, count)
                .mapToObj(n -> message(customers, random, n, count))
                .iterator());
  }

  private NewMessage message(List<Integer> customers, Random random, int n, int count) {
    int customer = random.nextInt(customers.size());
    // Three in five come from the customer.
    boolean toAgent = random.nextInt(5) < 3;
    return new NewMessage(
        customers.get(customer),
        toAgent ? MessageDirection.INBOUND : MessageDirection.OUTBOUND,
        Voice.ofCustomer(customer).text(toAgent, random),
        Optional.of(spread(EVENTS_BEFORE, n, count).toInstant(ZoneOffset.UTC)));
  }

  synchronized void orders(int count) {
    guard.touch(scope.prefix());
    int before = count(tables.orders());
    List<Integer> customers = customers();
    Random random = Seeds.random(scope.prefix(), "orders", before);
    for (int done = 0; done < count; done += CHUNK) {
      int chunk = Math.min(CHUNK, count - done);
      List<Integer> buyers = new ArrayList<>();
      List<String> states = new ArrayList<>();
      List<String> addresses = new ArrayList<>();
      List<LocalDateTime> times = new ArrayList<>();
      for (int n = done; n < done + chunk; n++) {
        buyers.add(customers.get(random.nextInt(customers.size())));
        states.add(Voice.pick(STATES, random));
        addresses.add(Voice.pick(STREETS, random));
        times.add(spread(EVENTS_BEFORE, n, count));
      }
      scope.transaction(
          tx -> {
            List<Integer> orders =
                tx.dsl()
                    .fetch(
                        Sql.text("insert_orders.sql"),
                        tables.orders(),
                        numbers(buyers),
                        texts(states),
                        texts(addresses),
                        times(times))
                    .getValues(0, Integer.class);
            items(tx.dsl(), orders, times, random);
            return orders.size();
          });
    }
  }

  private void items(
      DSLContext dsl, List<Integer> orders, List<LocalDateTime> orderTimes, Random random) {
    List<Integer> ids = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<Integer> quantities = new ArrayList<>();
    List<BigDecimal> prices = new ArrayList<>();
    List<LocalDateTime> times = new ArrayList<>();
    for (int i = 0; i < orders.size(); i++) {
      for (int items = 1 + random.nextInt(4); items > 0; items--) {
        ids.add(orders.get(i));
        names.add(Voice.pick(GOODS, random));
        quantities.add(1 + random.nextInt(3));
        prices.add(BigDecimal.valueOf(50 + random.nextInt(4_950), 2));
        times.add(orderTimes.get(i));
      }
    }
    dsl.execute(
        Sql.text("insert_items.sql"),
        tables.ordersItems(),
        numbers(ids),
        texts(names),
        numbers(quantities),
        DSL.val(prices.toArray(BigDecimal[]::new)),
        times(times));
  }

  private int count(Table<?> table) {
    return scope.dsl().fetchCount(table);
  }

  private List<Integer> customers() {
    List<Integer> ids =
        scope
            .dsl()
            .select(tables.customers().ID)
            .from(tables.customers())
            .orderBy(tables.customers().ID)
            .fetch(tables.customers().ID);
    if (ids.isEmpty()) {
      throw new IllegalStateException(
          "Agent " + scope.prefix() + " has no customers yet: call withCustomers() first.");
    }
    return ids;
  }

  /** Evenly over a span that ends now, a second apart at least from its end; whole seconds. */
  private LocalDateTime spread(Duration span, int n, int count) {
    long seconds = span.toSeconds() * (count - n) / count;
    return LocalDateTime.ofInstant(now.minusSeconds(seconds), ZoneOffset.UTC);
  }

  private static Param<String[]> texts(List<String> values) {
    return DSL.val(values.toArray(String[]::new));
  }

  private static Param<Integer[]> numbers(List<Integer> values) {
    return DSL.val(values.toArray(Integer[]::new));
  }

  private static Param<LocalDateTime[]> times(List<LocalDateTime> values) {
    return DSL.val(values.toArray(LocalDateTime[]::new));
  }
}
