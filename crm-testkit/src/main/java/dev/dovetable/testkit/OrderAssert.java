package dev.dovetable.testkit;

import dev.dovetable.core.orders.Order;
import dev.dovetable.core.orders.OrderStatus;
import dev.dovetable.testkit.internal.WithoutBodies;
import java.math.BigDecimal;
import org.assertj.core.api.AbstractAssert;

/** Assertions about an order. Belongs to one thread. */
public final class OrderAssert extends AbstractAssert<OrderAssert, Order> {

  OrderAssert(Order actual) {
    super(actual, OrderAssert.class);
    withRepresentation(new WithoutBodies());
  }

  /**
   * The total, however many decimals it is written with.
   *
   * @param expected a number, such as {@code "17.50"}
   * @return this assertion
   * @throws NumberFormatException if it isn't one
   */
  public OrderAssert hasTotal(String expected) {
    isNotNull();
    if (actual.total().compareTo(new BigDecimal(expected)) != 0) {
      failWithMessage(
          "Expected order %d to have the total %s, but it has %s.",
          actual.id(), expected, actual.total());
    }
    return this;
  }

  /**
   * The state.
   *
   * @param expected the state
   * @return this assertion
   */
  public OrderAssert hasStatus(OrderStatus expected) {
    isNotNull();
    if (!actual.status().equals(expected)) {
      failWithMessage(
          "Expected order %d to be %s, but it is %s.", actual.id(), expected, actual.status());
    }
    return this;
  }

  /**
   * Who ordered.
   *
   * @param customerId the customer's id
   * @return this assertion
   */
  public OrderAssert isOfCustomer(int customerId) {
    isNotNull();
    if (actual.customerId() != customerId) {
      failWithMessage(
          "Expected order %d to be of customer %d, but it is of customer %d.",
          actual.id(), customerId, actual.customerId());
    }
    return this;
  }
}
