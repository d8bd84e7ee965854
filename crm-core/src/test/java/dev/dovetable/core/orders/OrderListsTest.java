package dev.dovetable.core.orders;

import static dev.dovetable.core.orders.OrderStatus.CANCELLED;
import static dev.dovetable.core.orders.OrderStatus.PENDING;
import static dev.dovetable.core.orders.OrderStatus.SHIPPED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Cursor;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Orders by state, time and customer, and what they come to. */
class OrderListsTest extends DatabaseTest {
  private TenantScope scope;
  private Customer customer;

  @BeforeEach
  void openScope() {
    scope = newTenant();
    customer = scope.customers().create(new NewCustomer("Ada", "15550100"));
  }

  @Test
  void byStatusNewestFirst() {
    int a = place(PENDING, "1", null);
    int b = place(SHIPPED, "2", null);
    int c = place(PENDING, "3", null);
    int d = place(PENDING, "4", null);
    var orders = scope.tables().orders();
    scope.dsl().update(orders).setNull(orders.STATUS).where(orders.ID.eq(c)).execute();

    assertThat(walk(page -> scope.orders().listByStatus(PENDING, page))).containsExactly(d, c, a);
    assertThat(walk(page -> scope.orders().listByStatus(SHIPPED, page))).containsExactly(b);
    assertThat(walk(page -> scope.orders().listByStatus(CANCELLED, page))).isEmpty();
    Cursor pending =
        scope.orders().listByStatus(PENDING, PageRequest.first(1)).next().orElseThrow();
    assertThatThrownBy(
            () -> scope.orders().listByStatus(SHIPPED, PageRequest.first(1).after(pending)))
        .isInstanceOf(InvalidDataException.class);
  }

  @Test
  void statesThatLookLikeCursorsCanBePagedThrough() {
    OrderStatus odd = new OrderStatus("~é~".repeat(16));
    int a = place(odd, "1", null);
    int b = place(odd, "1", null);

    assertThat(walk(page -> scope.orders().listByStatus(odd, page))).containsExactly(b, a);
  }

  @Test
  void byTheTimeOfPlacing() {
    Instant noon = Instant.parse("2026-03-29T12:00:00Z");
    int before = place(PENDING, "1", noon.minusNanos(1_000));
    int first = place(PENDING, "1", noon);
    int same = place(PENDING, "1", noon);
    int last = place(PENDING, "1", noon.plusSeconds(60).minusNanos(1_000));
    int end = place(PENDING, "1", noon.plusSeconds(60));

    assertThat(walk(page -> scope.orders().listPlacedBetween(noon, noon.plusSeconds(60), page)))
        .containsExactly(last, same, first)
        .doesNotContain(before, end);
    assertThatThrownBy(
            () -> scope.orders().listPlacedBetween(Instant.MIN, noon, PageRequest.first(1)))
        .isInstanceOf(InvalidDataException.class);
  }

  @Test
  void totalsByStatus() {
    place(PENDING, "1.10", null);
    place(PENDING, "2.20", null);
    place(SHIPPED, "99999999.99", null);
    place(SHIPPED, "99999999.99", null);
    newTenant().customers().create(new NewCustomer("Somebody else's", "1"));

    assertThat(scope.orders().totalsByStatus())
        .containsExactly(
            new StatusTotal(PENDING, 2, new BigDecimal("3.30")),
            new StatusTotal(SHIPPED, 2, new BigDecimal("199999999.98")));
    assertThat(newTenant().orders().totalsByStatus()).isEmpty();
  }

  @Test
  void totalsByDayAreThoseOfUtcDays() {
    LocalDate monday = LocalDate.of(2026, 3, 30);
    place(PENDING, "1", Instant.parse("2026-03-29T23:59:59.999999Z"));
    place(PENDING, "2", Instant.parse("2026-03-30T00:00:00Z"));
    place(SHIPPED, "4", Instant.parse("2026-03-30T23:59:59.999999Z"));
    place(SHIPPED, "8", Instant.parse("2026-04-01T00:00:00Z"));

    assertThat(scope.orders().totalsByDay(monday, monday.plusDays(3)))
        .containsExactly(
            new DayTotal(monday, 2, new BigDecimal("6.00")),
            new DayTotal(monday.plusDays(2), 1, new BigDecimal("8.00")));
    assertThat(scope.orders().totalsByDay(monday.minusDays(1), monday))
        .containsExactly(new DayTotal(monday.minusDays(1), 1, new BigDecimal("1.00")));
    assertThat(scope.orders().totalsByDay(monday, monday)).isEmpty();
    assertThatThrownBy(() -> scope.orders().totalsByDay(LocalDate.MIN, monday))
        .isInstanceOf(InvalidDataException.class);
  }

  @Test
  void daysOfLongAgoAreThoseOfTheSameCalendar() {
    List<LocalDate> days =
        List.of(LocalDate.of(-43, 3, 15), LocalDate.of(1200, 2, 29), LocalDate.of(1582, 10, 10));
    days.forEach(day -> place(PENDING, "1", day.atTime(12, 0).toInstant(ZoneOffset.UTC)));

    assertThat(scope.orders().totalsByDay(LocalDate.of(-100, 1, 1), LocalDate.of(1700, 1, 1)))
        .extracting(DayTotal::day)
        .isEqualTo(days);
  }

  private static List<Integer> walk(Function<PageRequest, Page<Order>> list) {
    List<Integer> ids = new ArrayList<>();
    PageRequest request = PageRequest.first(2);
    for (Page<Order> page = list.apply(request); ; ) {
      page.items().forEach(order -> ids.add(order.id()));
      if (page.next().isEmpty()) {
        return ids;
      }
      page = list.apply(request.after(page.next().get()));
    }
  }

  private int place(OrderStatus status, String price, Instant time) {
    NewOrderItem item = new NewOrderItem("Tea", 1, new BigDecimal(price));
    int id =
        scope.orders().place(NewOrder.of(customer.id(), List.of(item)).status(status)).order().id();
    if (time != null) {
      var orders = scope.tables().orders();
      scope.dsl().update(orders).set(orders.CREATED_AT, time).where(orders.ID.eq(id)).execute();
    }
    return id;
  }
}
