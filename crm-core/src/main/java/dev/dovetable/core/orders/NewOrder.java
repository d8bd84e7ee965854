package dev.dovetable.core.orders;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.InvalidDataException.Kind;
import dev.dovetable.core.internal.sql.Elements;
import dev.dovetable.core.internal.sql.Texts;
import java.util.List;
import java.util.Optional;

/**
 * An order to be placed. Its total comes from the items. Immutable and thread-safe.
 *
 * @param customerId the customer who orders
 * @param items what is ordered, at most 1000 items; may be empty, to be filled later
 * @param status the first state
 * @param notes what else is to be known
 * @param shippingAddress where it goes
 */
public record NewOrder(
    int customerId,
    List<NewOrderItem> items,
    OrderStatus status,
    Optional<String> notes,
    Optional<String> shippingAddress) {
  /** A statement takes at most 65535 bound values, three of them per item. */
  static final int MAX_ITEMS = 1000;

  /**
   * Copies the list and checks the texts.
   *
   * @param customerId the customer who orders
   * @param items what is ordered
   * @param status the first state
   * @param notes what else is to be known
   * @param shippingAddress where it goes
   * @throws InvalidDataException if there are too many items, a text can't be stored, or the state
   *     is blank
   */
  public NewOrder {
    items = requireBounded(items);
    requireNonNull(status, "status").requireFilled();
    Texts.require(notes, "notes");
    Texts.require(shippingAddress, "shippingAddress");
  }

  /**
   * A pending order without notes or address.
   *
   * @param customerId the customer who orders
   * @param items what is ordered, at most 1000 items
   * @return the order
   */
  public static NewOrder of(int customerId, List<NewOrderItem> items) {
    return new NewOrder(customerId, items, OrderStatus.PENDING, Optional.empty(), Optional.empty());
  }

  /**
   * The same order in another state.
   *
   * @param status the first state
   * @return the order
   */
  public NewOrder status(OrderStatus status) {
    return new NewOrder(customerId, items, status, notes, shippingAddress);
  }

  /**
   * The same order with notes.
   *
   * @param notes what else is to be known
   * @return the order
   */
  public NewOrder notes(String notes) {
    return new NewOrder(customerId, items, status, Optional.of(notes), shippingAddress);
  }

  /**
   * The same order with an address.
   *
   * @param shippingAddress where it goes
   * @return the order
   */
  public NewOrder shippingAddress(String shippingAddress) {
    return new NewOrder(customerId, items, status, notes, Optional.of(shippingAddress));
  }

  static List<NewOrderItem> requireBounded(List<NewOrderItem> items) {
    List<NewOrderItem> copy = Elements.copy(items, "items");
    if (copy.size() > MAX_ITEMS) {
      throw new InvalidDataException(
          Kind.OUT_OF_BOUNDS,
          "There are " + copy.size() + " items.",
          "Add at most " + MAX_ITEMS + " at a time.");
    }
    return copy;
  }
}
