package dev.dovetable.core.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.InvalidDataException.Kind;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.Concurrently;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Thrown;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderRepositoryTest extends DatabaseTest {
  private static final NewOrderItem TEA = item("Tea", 2, "3.50");
  private static final NewOrderItem CUP = item("Cup", 1, "8");

  private TenantScope tenant;
  private OrderRepository orders;
  private Customer ada;

  @BeforeEach
  void makeCustomer() {
    tenant = newTenant();
    orders = tenant.orders();
    ada = tenant.customers().create(new NewCustomer("Ada", "1"));
  }

  @Test
  void placedOrderIsWhatIsFound() {
    OrderWithItems placed =
        orders.place(
            NewOrder.of(ada.id(), List.of(TEA, CUP, TEA))
                .status(OrderStatus.CONFIRMED)
                .notes("ring twice")
                .shippingAddress("Street 1"));

    assertThat(placed.order().total()).isEqualByComparingTo("22.00");
    assertThat(placed.order().status()).isEqualTo(OrderStatus.CONFIRMED);
    assertThat(placed.items()).extracting(OrderItem::name).containsExactly("Tea", "Cup", "Tea");
    assertThat(placed.items())
        .extracting(OrderItem::total)
        .containsExactly(amount("7.00"), amount("8.00"), amount("7.00"));
    assertThat(orders.find(placed.order().id())).contains(placed);
  }

  @Test
  void emptyOrderIsFilledLater() {
    OrderWithItems empty = orders.place(NewOrder.of(ada.id(), List.of()));
    int id = empty.order().id();
    assertThat(empty.order().total()).isEqualByComparingTo("0");
    assertThat(orders.find(id)).contains(empty);

    OrderItem tea = orders.addItem(id, TEA);
    List<OrderItem> more = orders.addItems(id, List.of(CUP, CUP));
    assertThat(total(id)).isEqualTo(amount("23.00"));

    OrderItem strong = orders.changeItem(tea.id(), item("Strong tea", 3, "4.25"));
    assertThat(strong.total()).isEqualTo(amount("12.75"));
    assertThat(total(id)).isEqualTo(amount("28.75"));

    assertThat(orders.removeItem(more.get(0).id())).isTrue();
    assertThat(orders.removeItem(more.get(0).id())).isFalse();
    assertThat(total(id)).isEqualTo(amount("20.75"));
    assertThat(orders.addItems(id, List.of())).isEmpty();
    assertThat(orders.find(id).orElseThrow().items()).containsExactly(strong, more.get(1));
  }

  @Test
  void changesAreSeenAndMissingOrdersNamed() {
    int id = orders.place(NewOrder.of(ada.id(), List.of(TEA))).order().id();
    assertThat(orders.changeStatus(id, OrderStatus.SHIPPED).status())
        .isEqualTo(OrderStatus.SHIPPED);
    assertThat(orders.changeStatus(id, new OrderStatus("Ready, pick up")).status().value())
        .isEqualTo("Ready, pick up");
    assertThat(orders.changeNotes(id, Optional.of("n")).notes()).contains("n");
    assertThat(orders.changeNotes(id, Optional.empty()).notes()).isEmpty();
    assertThat(orders.changeShippingAddress(id, Optional.of("a")).shippingAddress()).contains("a");
    assertThat(orders.delete(id)).isTrue();
    assertThat(orders.delete(id)).isFalse();

    String named = "order " + id + " of agent " + tenant.prefix();
    assertThatThrownBy(() -> orders.changeStatus(id, OrderStatus.PENDING))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining(named);
    assertThatThrownBy(() -> orders.addItem(id, TEA))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining(named);
    assertThatThrownBy(() -> orders.changeItem(4711, TEA)).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> orders.place(NewOrder.of(4711, List.of(TEA))))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("customer 4711");
    assertThatThrownBy(() -> orders.place(NewOrder.of(4711, List.of())))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void listsAreNewestFirst() {
    Customer bo = tenant.customers().create(new NewCustomer("Bo", "2"));
    List<Order> all = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      all.add(orders.place(NewOrder.of((i % 3 == 0 ? bo : ada).id(), List.of())).order());
    }
    Collections.reverse(all);

    Page<Order> first = orders.list(PageRequest.first(4));
    Page<Order> second = orders.list(PageRequest.first(4).after(first.next().orElseThrow()));
    assertThat(first.items()).isEqualTo(all.subList(0, 4));
    assertThat(second.items()).isEqualTo(all.subList(4, 7));
    assertThat(second.next()).isEmpty();
    assertThat(orders.listByCustomer(bo.id(), PageRequest.first(9)).items())
        .isEqualTo(all.stream().filter(o -> o.customerId() == bo.id()).toList());
  }

  @Test
  void eightThreadsAddingItemsLoseNone() throws Exception {
    int id = orders.place(NewOrder.of(ada.id(), List.of())).order().id();
    Concurrently.run(
        8,
        thread -> {
          for (int i = 0; i < 40; i++) {
            orders.addItem(id, item("x", 1 + i % 3, "0." + (10 + thread)));
          }
          return null;
        });
    OrderWithItems order = orders.find(id).orElseThrow();
    assertThat(order.items()).hasSize(320);
    // Per thread 40 items, quantities 1, 2, 3 in turn: 79 pieces, of 10 to 17 cents.
    assertThat(order.order().total()).isEqualTo(amount("85.32"));
    assertThat(
            order.items().stream().map(OrderItem::total).reduce(BigDecimal.ZERO, BigDecimal::add))
        .isEqualTo(order.order().total());
  }

  @Test
  void amountsUpToTheBoundAreExact() {
    OrderWithItems order =
        orders.place(NewOrder.of(ada.id(), List.of(item("Gold", 1, "99999999.99"))));
    assertThat(order.order().total()).isEqualTo(amount("99999999.99"));
    assertThat(orders.find(order.order().id())).contains(order);
  }

  @Test
  void amountsBeyondTheBoundAreRefusedAsAWhole() {
    int id =
        orders.place(NewOrder.of(ada.id(), List.of(item("Gold", 1, "99999999.99")))).order().id();
    Thrown.invalid(Kind.NUMERIC_OVERFLOW, () -> orders.addItem(id, item("Dust", 1, "0.01")));
    Thrown.invalid(
        Kind.NUMERIC_OVERFLOW,
        () -> orders.place(NewOrder.of(ada.id(), List.of(TEA, item("Gold", 2, "50000000")))));
    Thrown.invalid(
        Kind.NUMERIC_OVERFLOW,
        () ->
            orders.place(
                NewOrder.of(
                    ada.id(), List.of(item("Gold", 1, "99999999.99"), item("Dust", 1, "0.01")))));
    assertThat(orders.list(PageRequest.first(9)).items()).hasSize(1);
    assertThat(orders.find(id).orElseThrow().items()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-0.01", "100000000", "0.005", "1e-9", "1e400000000", "-1e400000000"})
  void pricesThatTheColumnCannotHoldAreRefused(String price) {
    Thrown.invalid(Kind.OUT_OF_BOUNDS, () -> item("x", 1, price));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0.00", "1.500000", "1E+2", "0E-50"})
  void pricesThatTheColumnHoldsExactlyAreTaken(String price) {
    OrderWithItems order = orders.place(NewOrder.of(ada.id(), List.of(item("x", 1, price))));
    assertThat(order.items().get(0).price()).isEqualByComparingTo(price);
  }

  @Test
  void boundsOfNewOrdersAreChecked() {
    Thrown.invalid(Kind.OUT_OF_BOUNDS, () -> item("x", 0, "1"));
    Thrown.invalid(Kind.MISSING, () -> item(" ", 1, "1"));
    Thrown.invalid(Kind.OUT_OF_BOUNDS, () -> NewOrder.of(ada.id(), Collections.nCopies(1001, TEA)));
    Thrown.invalid(Kind.TOO_LONG, () -> new OrderStatus("x".repeat(51)));
    Thrown.invalid(
        Kind.MISSING, () -> NewOrder.of(ada.id(), List.of()).status(new OrderStatus(" ")));
    Thrown.invalid(Kind.NOT_TEXT, () -> NewOrder.of(ada.id(), List.of()).notes("\0"));
  }

  @Test
  void aThousandItemsArePlacedInOneStatement() {
    OrderWithItems order =
        orders.place(NewOrder.of(ada.id(), Collections.nCopies(1000, item("x", 1, "0.01"))));
    assertThat(order.order().total()).isEqualTo(amount("10.00"));
    assertThat(orders.find(order.order().id())).contains(order);
  }

  private BigDecimal total(int id) {
    return orders.find(id).orElseThrow().order().total();
  }

  private static NewOrderItem item(String name, int quantity, String price) {
    return new NewOrderItem(name, quantity, new BigDecimal(price));
  }

  private static BigDecimal amount(String amount) {
    return new BigDecimal(amount);
  }
}
