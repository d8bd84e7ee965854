package dev.dovetable.core.orders;

import static dev.dovetable.core.orders.OrderStatus.CANCELLED;
import static dev.dovetable.core.orders.OrderStatus.CONFIRMED;
import static dev.dovetable.core.orders.OrderStatus.PENDING;
import static dev.dovetable.core.orders.OrderStatus.SHIPPED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Thrown;
import dev.dovetable.core.users.UserRole;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes of an order's state that are allowed from some states only. */
class OrderStatusTest extends DatabaseTest {
  private static final int ORDERS = 25;

  private TenantScope scope;
  private Customer customer;

  @BeforeEach
  void openScope() {
    scope = newTenant();
    customer = scope.customers().create(new NewCustomer("Ada", "15550100"));
  }

  @Test
  void changesWhatIsInAnAllowedState() {
    Order placed = place();

    Order confirmed =
        scope.orders().changeStatus(placed.id(), Set.of(PENDING, CANCELLED), CONFIRMED);

    assertThat(confirmed.status()).isEqualTo(CONFIRMED);
    assertThat(confirmed.total()).isEqualByComparingTo(placed.total());
    assertThat(confirmed.updatedAt()).isAfterOrEqualTo(placed.updatedAt());
    assertThat(scope.orders().find(placed.id()).orElseThrow().order()).isEqualTo(confirmed);
  }

  @Test
  void refusesFromAnotherStateAndTellsWhich() {
    Order placed = place();
    scope.orders().changeStatus(placed.id(), SHIPPED);

    assertThatExceptionOfType(OrderStatusConflictException.class)
        .isThrownBy(() -> scope.orders().changeStatus(placed.id(), Set.of(PENDING), CANCELLED))
        .satisfies(
            e -> {
              assertThat(e.orderId()).isEqualTo(placed.id());
              assertThat(e.present()).isEqualTo(SHIPPED);
              assertThat(e).hasMessageContaining(scope.prefix());
            });
    assertThat(scope.orders().find(placed.id()).orElseThrow().order().status()).isEqualTo(SHIPPED);
  }

  @Test
  void refusalLeavesTheTransactionUsable() {
    Order placed = place();

    Order cancelled =
        scope.transaction(
            inner -> {
              assertThatThrownBy(
                      () -> inner.orders().changeStatus(placed.id(), Set.of(SHIPPED), CONFIRMED))
                  .isInstanceOf(OrderStatusConflictException.class);
              return inner.orders().changeStatus(placed.id(), Set.of(PENDING), CANCELLED);
            });

    assertThat(cancelled.status()).isEqualTo(CANCELLED);
  }

  @Test
  void noStateInTheColumnCountsAsPending() {
    Order placed = place();
    var orders = scope.tables().orders();
    scope.dsl().update(orders).setNull(orders.STATUS).where(orders.ID.eq(placed.id())).execute();

    assertThat(scope.orders().changeStatus(placed.id(), Set.of(PENDING), CONFIRMED).status())
        .isEqualTo(CONFIRMED);
  }

  @Test
  void blankTextOfAnotherClientsIsReadAndCanBeMended() {
    Order placed = place();
    var orders = scope.tables().orders();
    scope.dsl().update(orders).set(orders.STATUS, "").where(orders.ID.eq(placed.id())).execute();
    OrderStatus blank = new OrderStatus("");
    PageRequest page = PageRequest.first(5);

    assertThat(scope.orders().list(page).items()).extracting(Order::status).containsOnly(blank);
    assertThat(scope.orders().listByStatus(blank, page).items()).hasSize(1);
    assertThat(scope.orders().totalsByStatus())
        .extracting(StatusTotal::status)
        .containsExactly(blank);
    assertThatThrownBy(() -> scope.orders().changeStatus(placed.id(), Set.of(PENDING), SHIPPED))
        .isInstanceOf(OrderStatusConflictException.class);
    Thrown.invalid(
        InvalidDataException.Kind.MISSING, () -> scope.orders().changeStatus(placed.id(), blank));
    Thrown.invalid(
        InvalidDataException.Kind.MISSING,
        () -> scope.orders().changeStatus(placed.id(), Set.of(blank), blank));
    assertThat(scope.orders().changeStatus(placed.id(), Set.of(blank), CONFIRMED).status())
        .isEqualTo(CONFIRMED);
  }

  @Test
  void othersOrdersAreNotThere() {
    Order placed = place();
    TenantScope asStranger =
        crm.as(Actor.user(newUser(UserRole.AGENT).id())).tenant(scope.prefix());

    assertThatThrownBy(
            () -> asStranger.orders().changeStatus(placed.id(), Set.of(PENDING), SHIPPED))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> scope.orders().changeStatus(-1, Set.of(PENDING), SHIPPED))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> scope.orders().changeStatus(placed.id(), Set.of(), SHIPPED))
        .isInstanceOf(InvalidDataException.class);
  }

  /** Several at once, so that some meet: the first wins, the others see the state it left. */
  @Test
  void ofSeveralAtOnceOneWins() throws Exception {
    List<OrderStatus> wanted = List.of(CONFIRMED, CANCELLED, new OrderStatus("on hold"), SHIPPED);
    ExecutorService threads = Executors.newFixedThreadPool(wanted.size());
    try {
      for (int i = 0; i < ORDERS; i++) {
        Order placed = place();
        CyclicBarrier start = new CyclicBarrier(wanted.size());
        List<Future<Outcome>> running = new ArrayList<>();
        for (OrderStatus to : wanted) {
          running.add(threads.submit(change(placed.id(), to, start)));
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (Future<Outcome> one : running) {
          outcomes.add(one.get(2, TimeUnit.MINUTES));
        }

        OrderStatus now = scope.orders().find(placed.id()).orElseThrow().order().status();
        assertThat(outcomes).filteredOn(Outcome::won).hasSize(1);
        assertThat(outcomes).extracting(Outcome::seen).containsOnly(now);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private record Outcome(boolean won, OrderStatus seen) {}

  private Callable<Outcome> change(int id, OrderStatus to, CyclicBarrier start) {
    return () -> {
      start.await(1, TimeUnit.MINUTES);
      try {
        return new Outcome(true, scope.orders().changeStatus(id, Set.of(PENDING), to).status());
      } catch (OrderStatusConflictException e) {
        return new Outcome(false, e.present());
      }
    };
  }

  private Order place() {
    NewOrderItem tea = new NewOrderItem("Tea", 2, new BigDecimal("3.50"));
    return scope.orders().place(NewOrder.of(customer.id(), List.of(tea))).order();
  }
}
