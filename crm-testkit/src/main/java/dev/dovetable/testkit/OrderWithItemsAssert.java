package dev.dovetable.testkit;

import dev.dovetable.core.orders.OrderItem;
import dev.dovetable.core.orders.OrderStatus;
import dev.dovetable.core.orders.OrderWithItems;
import dev.dovetable.testkit.internal.WithoutBodies;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;

/** Assertions about an order and its items. Belongs to one thread. */
public final class OrderWithItemsAssert
    extends AbstractAssert<OrderWithItemsAssert, OrderWithItems> {

  OrderWithItemsAssert(OrderWithItems actual) {
    super(actual, OrderWithItemsAssert.class);
    withRepresentation(new WithoutBodies());
  }

  /**
   * The total, however many decimals it is written with.
   *
   * @param expected a number, such as {@code "17.50"}
   * @return this assertion
   * @throws NumberFormatException if it isn't one
   */
  public OrderWithItemsAssert hasTotal(String expected) {
    order().hasTotal(expected);
    return this;
  }

  /**
   * The state.
   *
   * @param expected the state
   * @return this assertion
   */
  public OrderWithItemsAssert hasStatus(OrderStatus expected) {
    order().hasStatus(expected);
    return this;
  }

  /**
   * Who ordered.
   *
   * @param customerId the customer's id
   * @return this assertion
   */
  public OrderWithItemsAssert isOfCustomer(int customerId) {
    order().isOfCustomer(customerId);
    return this;
  }

  /**
   * The items' names, in their order, and no others.
   *
   * @param names the names
   * @return this assertion
   */
  public OrderWithItemsAssert hasItems(String... names) {
    isNotNull();
    List<String> expected = List.of(names);
    List<String> found = actual.items().stream().map(OrderItem::name).toList();
    if (!found.equals(expected)) {
      failWithMessage(
          "Expected order %d to have the items %s, but it has %s.",
          actual.order().id(), expected, found);
    }
    return this;
  }

  /**
   * One of the items.
   *
   * @param name its name
   * @param quantity how many
   * @param price of one, a number such as {@code "14.50"}
   * @return this assertion
   * @throws NumberFormatException if the price isn't one
   */
  public OrderWithItemsAssert hasItem(String name, int quantity, String price) {
    isNotNull();
    BigDecimal wanted = new BigDecimal(price);
    boolean found =
        actual.items().stream()
            .anyMatch(
                item ->
                    item.name().equals(name)
                        && item.quantity() == quantity
                        && item.price().compareTo(wanted) == 0);
    if (!found) {
      failWithMessage(
          "Expected order %d to have the item %d × %s at %s, but it has %s.",
          actual.order().id(), quantity, name, price, items());
    }
    return this;
  }

  private OrderAssert order() {
    isNotNull();
    OrderAssert order = new OrderAssert(actual.order());
    order.info.description(info.description());
    return order;
  }

  private String items() {
    return actual.items().stream()
        .map(item -> item.quantity() + " × " + item.name() + " at " + item.price())
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
