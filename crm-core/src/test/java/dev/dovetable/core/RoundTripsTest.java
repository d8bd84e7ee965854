package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.CountedTest;
import dev.dovetable.core.messages.NewMessage;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.orders.NewOrderItem;
import dev.dovetable.core.orders.Order;
import dev.dovetable.core.orders.OrderStatus;
import dev.dovetable.core.orders.OrderStatusConflictException;
import dev.dovetable.core.users.User;
import dev.dovetable.core.users.UserRole;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often the library waits for the server, counted on the wire. */
class RoundTripsTest extends CountedTest {
  private static final int MORE_THAN_THE_PREPARE_THRESHOLD = 8;

  private Agent agent;
  private TenantScope scope;
  private Customer customer;

  @BeforeEach
  void openScope() {
    agent = newAgent();
    scope = counted.asAgent(agent.prefix());
    customer = scope.customers().create(new NewCustomer("Ada", "15550100"));
    wire.take();
  }

  @Test
  void oneForTheFirstStatementOfAScopeToo() {
    NewCustomer bo = new NewCustomer("Bo", "15550101");

    assertThat(trips(() -> counted.asAgent(agent.prefix()).customers().find(customer.id())))
        .isOne();
    assertThat(trips(() -> counted.asAgent(agent.prefix()).customers().create(bo))).isOne();
    assertThat(trips(() -> counted.asAgent(agent.prefix()).agentId())).isOne();
  }

  @Test
  void oneMoreThanItsStatementsForATransactionOfSeveralAgents() {
    Agent other = newAgent();

    int trips =
        trips(
            () ->
                counted.transaction(
                    tx -> {
                      tx.asAgent(agent.prefix()).customers().find(customer.id());
                      tx.asAgent(other.prefix()).customers().count();
                      return tx.asService().agents().find(agent.id());
                    }));

    assertThat(trips).isEqualTo(4);
  }

  @Test
  void oneForEachStatementOfARepository() {
    assertThat(trips(() -> scope.customers().create(new NewCustomer("Bo", "15550101")))).isOne();
    assertThat(trips(() -> scope.customers().find(customer.id()))).isOne();
    assertThat(trips(() -> scope.customers().findByPhone("15550100"))).isOne();
    assertThat(trips(() -> scope.customers().list(PageRequest.first(5)))).isOne();
    assertThat(trips(() -> scope.customers().rename(customer.id(), "Ada L."))).isOne();
    assertThat(trips(() -> scope.messages().recordInbound(customer.id(), "hi"))).isOne();
    assertThat(trips(() -> scope.messages().timeline(customer.id(), PageRequest.first(5)))).isOne();
    assertThat(trips(() -> scope.conversations().latest(PageRequest.first(5)))).isOne();
    assertThat(trips(() -> scope.customers().delete(customer.id()))).isOne();
  }

  @Test
  void oneForAMessageFromAKnownCustomerTwoFromANewOne() {
    Instant now = Instant.now();

    assertThat(trips(() -> scope.messages().recordInboundFrom("15550100", "Ada", "hi", now)))
        .isOne();
    assertThat(trips(() -> scope.messages().recordInboundFrom("15550102", "Cy", "hi", now)))
        .isEqualTo(2);
    assertThat(trips(() -> scope.messages().recordOutboundTo("15550102", "Cy", "yes?", now)))
        .isOne();
    assertThat(trips(() -> scope.customers().findOrCreateByPhone("15550103", "Di"))).isEqualTo(2);
    assertThat(trips(() -> scope.customers().findOrCreateByPhone("15550103", "Di"))).isOne();
  }

  @Test
  void oneForAnOrderWithItsItems() {
    List<NewOrderItem> items =
        IntStream.range(0, 3)
            .mapToObj(i -> new NewOrderItem("Item " + i, 1, BigDecimal.TEN))
            .toList();

    assertThat(trips(() -> scope.orders().place(NewOrder.of(customer.id(), items)))).isOne();
  }

  @Test
  void oneForEachStatementAboutOrders() {
    Order order = scope.orders().place(NewOrder.of(customer.id(), List.of())).order();
    Instant now = Instant.now();
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    PageRequest page = PageRequest.first(5);
    Set<OrderStatus> pending = Set.of(OrderStatus.PENDING);

    assertThat(trips(() -> scope.orders().changeStatus(order.id(), pending, OrderStatus.CONFIRMED)))
        .isOne();
    assertThat(
            trips(
                () ->
                    assertThatThrownBy(
                            () ->
                                scope
                                    .orders()
                                    .changeStatus(order.id(), pending, OrderStatus.CONFIRMED))
                        .isInstanceOf(OrderStatusConflictException.class)))
        .isOne();
    assertThat(trips(() -> scope.orders().listByStatus(OrderStatus.CONFIRMED, page))).isOne();
    assertThat(trips(() -> scope.orders().listPlacedBetween(now, now, page))).isOne();
    assertThat(trips(() -> scope.orders().totalsByStatus())).isOne();
    assertThat(trips(() -> scope.orders().totalsByDay(today, today.plusDays(1)))).isOne();
  }

  @Test
  void oneForEachStatementAboutManyCustomersAndMessages() {
    Instant now = Instant.now();
    PageRequest page = PageRequest.first(5);
    List<NewMessage> many = Collections.nCopies(1000, NewMessage.inbound(customer.id(), "hi"));

    assertThat(trips(() -> scope.customers().search("Ada", page))).isOne();
    assertThat(trips(() -> scope.customers().count())).isOne();
    assertThat(trips(() -> scope.messages().recordAll(many))).isOne();
    assertThat(trips(() -> scope.messages().timelineOldestFirst(customer.id(), page))).isOne();
    assertThat(trips(() -> scope.messages().latest(customer.id(), 5))).isOne();
    assertThat(trips(() -> scope.messages().timelineBetween(customer.id(), now, now, page)))
        .isOne();
    assertThat(trips(() -> scope.messages().listBetween(now, now, page))).isOne();
    assertThat(trips(() -> scope.messages().count(customer.id()))).isOne();
  }

  @Test
  void oneForAnAgentsSizeAndForReadingOnly() {
    TenantScope reading = scope.readOnly();

    assertThat(trips(() -> counted.asService().agents().size(agent.prefix()))).isOne();
    assertThat(trips(() -> reading.customers().find(customer.id()))).isOne();
  }

  /** The second one ends the transaction that the statement has begun. */
  @Test
  void twoForAStatementThatFails() {
    assertThat(
            trips(
                () ->
                    assertThatThrownBy(() -> scope.messages().recordInbound(-1, "nobody"))
                        .isInstanceOf(NotFoundException.class)))
        .isEqualTo(2);
  }

  @Test
  void threeForEachChunkOfAnImport() {
    TenantScope service = counted.asService().tenant(agent.prefix());
    List<NewCustomer> rows = Collections.nCopies(10_000, new NewCustomer("Bo", "1"));
    int lookUp = 1;

    assertThat(trips(() -> scope.customers().importAll(rows.iterator()))).isEqualTo(lookUp + 8);
    assertThat(trips(() -> service.customers().importAll(rows.iterator()))).isEqualTo(lookUp + 8);
  }

  @Test
  void oneForEachPortionOfAnExport() {
    List<NewCustomer> rows = Collections.nCopies(1_200, new NewCustomer("Bo", "1"));
    scope.customers().importAll(rows.iterator());

    int trips =
        trips(
            () -> {
              try (Stream<Customer> customers = scope.customers().stream()) {
                assertThat(customers).hasSize(1_201);
              }
            });

    assertThat(trips).isEqualTo(4);
  }

  @Test
  void oneAlsoOnceTheDriverPreparesOnTheServer() {
    for (int i = 0; i < MORE_THAN_THE_PREPARE_THRESHOLD; i++) {
      assertThat(trips(() -> scope.customers().find(customer.id()))).isOne();
    }
  }

  /** The driver asks the server for the types of such parameters, and sends texts apart then. */
  @Test
  void oneAlsoWithParametersWhoseTypeTheServerTells() {
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    for (int i = 0; i < 3; i++) {
      scope.messages().recordInbound(customer.id(), "message " + i, start.plusSeconds(i));
    }
    PageRequest first = PageRequest.first(1);
    PageRequest second =
        first.after(scope.messages().timeline(customer.id(), first).next().orElseThrow());

    for (int i = 0; i < MORE_THAN_THE_PREPARE_THRESHOLD; i++) {
      wire.take();
      assertThat(scope.messages().timeline(customer.id(), second).items()).hasSize(1);
      assertThat(wire.take()).isOne();
    }
  }

  @Test
  void oneToMakeAndOneToDeleteAnAgent() {
    User user = newUser(UserRole.AGENT);
    String prefix = agent.prefix() + "x";

    assertThat(trips(() -> counted.asService().agents().create(user.id(), prefix, admin.id())))
        .isOne();
    long id = counted.asService().agents().findByPrefix(prefix).orElseThrow().id();
    assertThat(trips(() -> counted.asService().agents().delete(id))).isOne();
  }

  @Test
  void oneMoreThanItsStatementsForATransaction() {
    int trips =
        trips(
            () ->
                scope.transaction(
                    inner -> {
                      inner.messages().recordInbound(customer.id(), "one");
                      inner.messages().recordOutbound(customer.id(), "two");
                      return inner.customers().find(customer.id());
                    }));

    assertThat(trips).isEqualTo(4);
  }

  @Test
  void noneForATransactionWithoutStatements() {
    assertThat(trips(() -> scope.transaction(inner -> inner.prefix()))).isZero();
  }
}
