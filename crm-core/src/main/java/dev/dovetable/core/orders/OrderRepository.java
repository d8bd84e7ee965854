package dev.dovetable.core.orders;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.Texts;
import dev.dovetable.core.internal.sql.Times;
import dev.dovetable.core.jooq.TenantTables;
import dev.dovetable.core.jooq.tables.Orders;
import dev.dovetable.core.jooq.tables.OrdersItems;
import dev.dovetable.core.jooq.tables.records.OrdersRecord;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jooq.TableField;
import org.jspecify.annotations.Nullable;

/**
 * An agent's orders and their items: {@code {prefix}_orders} and {@code {prefix}_orders_items} in
 * the specification. The database keeps each order's total and {@code updated_at}, also when many
 * change its items at once. Round trips are those of one statement ({@link
 * dev.dovetable.core.Crm}).
 *
 * <p>{@link InvalidDataException} is thrown for text that holds NUL or half of a surrogate pair,
 * for times out of PostgreSQL's range, for a cursor of another list, and where the total of an item
 * or of an order would be above 99999999.99. Lists hold orders without their items, the newest
 * first.
 *
 * <p>Immutable and thread-safe.
 */
public final class OrderRepository {
  private static final int FETCH_SIZE = 500;

  private final Session session;
  private final AgentIdentity identity;
  private final Orders orders;
  private final OrdersItems items;
  private final OrderPlacement placement;
  private final OrderLines lines;
  private final OrderLists lists;

  /**
   * Internal: {@link dev.dovetable.core.TenantScope#orders()} makes it.
   *
   * @param session runs the statements
   * @param identity the agent
   * @param tables the agent's own
   */
  public OrderRepository(Session session, AgentIdentity identity, TenantTables tables) {
    this.session = session;
    this.identity = identity;
    this.orders = tables.orders();
    this.items = tables.ordersItems();
    this.placement = new OrderPlacement(session, identity, orders, items);
    this.lines = new OrderLines(session, identity, orders, items);
    this.lists = new OrderLists(session, identity.prefix(), orders);
  }

  /**
   * Places an order with its items, all or nothing, in one statement.
   *
   * @param order the order to place
   * @return the order with ids, times and total
   * @throws NotFoundException if there is no such customer
   */
  public OrderWithItems place(NewOrder order) {
    return placement.place(requireNonNull(order, "order"));
  }

  /**
   * An order with its items.
   *
   * @param id the order's id
   * @return the order; empty if there is none or the actor can't see it
   */
  public Optional<OrderWithItems> find(int id) {
    return lines.order(id);
  }

  /**
   * All orders.
   *
   * @param page which part
   * @return the part
   */
  public Page<Order> list(PageRequest page) {
    return lists.all(page);
  }

  /**
   * A customer's orders.
   *
   * @param customerId the customer's id; one that doesn't exist has no orders
   * @param page which part
   * @return the part
   */
  public Page<Order> listByCustomer(int customerId, PageRequest page) {
    return lists.byCustomer(customerId, page);
  }

  /**
   * The orders in one state.
   *
   * @param status the state
   * @param page which part
   * @return the part
   */
  public Page<Order> listByStatus(OrderStatus status, PageRequest page) {
    return lists.byStatus(requireNonNull(status, "status"), page);
  }

  /**
   * The orders placed in a span of time.
   *
   * @param from the earliest time
   * @param to the end of the span, which is no part of it
   * @param page which part
   * @return the part
   */
  public Page<Order> listPlacedBetween(Instant from, Instant to, PageRequest page) {
    return lists.placedBetween(Times.require(from, "from"), Times.require(to, "to"), page);
  }

  /**
   * How many orders are in each state, and what they come to.
   *
   * @return one element per state in which there is an order, by the text of the state
   */
  public List<StatusTotal> totalsByStatus() {
    return new OrderTotals(session, orders).byStatus();
  }

  /**
   * How many orders were placed on each day, and what they come to, whatever their state.
   *
   * @param from the first day, in UTC
   * @param to the day after the last one
   * @return one element per day on which an order was placed, in their order
   */
  public List<DayTotal> totalsByDay(LocalDate from, LocalDate to) {
    return new OrderTotals(session, orders)
        .byDay(Times.requireDay(from, "from"), Times.requireDay(to, "to"));
  }

  /**
   * All orders with their items, oldest first, for an export. Read in portions of 500 rows from one
   * statement, so as of one moment and with constant memory. Holds a connection until it is closed,
   * so use try-with-resources. In a transaction of the host's, all rows are read at once and held.
   *
   * @return the orders, to be closed
   */
  public Stream<OrderWithItems> stream() {
    return OrderExport.of(
        session
            .dsl()
            .select(orders.fields())
            .select(items.fields())
            .from(orders)
            .leftJoin(items)
            .on(items.ORDER_ID.eq(orders.ID))
            .orderBy(orders.ID, items.ID)
            .fetchSize(FETCH_SIZE)
            .fetchStream(),
        row -> OrderMapper.order(row, orders),
        row -> row.get(items.ID) == null ? null : OrderMapper.item(row, items));
  }

  /**
   * Changes the state, from whatever it was.
   *
   * @param id the order's id
   * @param status the new state
   * @return the order as it is now
   * @throws NotFoundException if there is no such order
   * @throws InvalidDataException if the new state is blank
   */
  public Order changeStatus(int id, OrderStatus status) {
    return change(id, orders.STATUS, requireNonNull(status, "status").requireFilled().value());
  }

  /**
   * Changes the state if the order is in one of some states. Of several changes at once, one comes
   * first, and the others see what it left.
   *
   * @param id the order's id
   * @param from the states that it may be changed from
   * @param to the new state
   * @return the order as it is now
   * @throws OrderStatusConflictException if it is in another state; it tells which
   * @throws NotFoundException if there is no such order
   * @throws InvalidDataException if no state is allowed, or the new one is blank
   */
  public Order changeStatus(int id, Set<OrderStatus> from, OrderStatus to) {
    return new OrderTransition(session, identity, orders)
        .change(id, requireNonNull(from, "from"), requireNonNull(to, "to").requireFilled());
  }

  /**
   * Changes the notes.
   *
   * @param id the order's id
   * @param notes the new notes; empty to remove them
   * @return the order as it is now
   * @throws NotFoundException if there is no such order
   */
  public Order changeNotes(int id, Optional<String> notes) {
    return change(id, orders.NOTES, Texts.require(notes, "notes").orElse(null));
  }

  /**
   * Changes where the order goes.
   *
   * @param id the order's id
   * @param address the new address; empty to remove it
   * @return the order as it is now
   * @throws NotFoundException if there is no such order
   */
  public Order changeShippingAddress(int id, Optional<String> address) {
    return change(
        id, orders.SHIPPING_ADDRESS, Texts.require(address, "shippingAddress").orElse(null));
  }

  /**
   * Deletes an order with its items.
   *
   * @param id the order's id
   * @return whether there was one
   */
  public boolean delete(int id) {
    return session.dsl().deleteFrom(orders).where(orders.ID.eq(id)).execute() > 0;
  }

  /**
   * Adds an item.
   *
   * @param orderId the order's id
   * @param item the item to add
   * @return the item with id and total
   * @throws NotFoundException if there is no such order
   */
  public OrderItem addItem(int orderId, NewOrderItem item) {
    return addItems(orderId, List.of(item)).get(0);
  }

  /**
   * Adds items, all or none, in one statement.
   *
   * @param orderId the order's id
   * @param added the items to add, at most 1000
   * @return the items with ids and totals, in the same order
   * @throws NotFoundException if there is no such order
   * @throws InvalidDataException if there are too many
   */
  public List<OrderItem> addItems(int orderId, List<NewOrderItem> added) {
    return lines.add(orderId, NewOrder.requireBounded(added));
  }

  /**
   * Replaces an item's name, quantity and price.
   *
   * @param itemId the item's id
   * @param item what it is to be
   * @return the item with its new total
   * @throws NotFoundException if there is no such item
   */
  public OrderItem changeItem(int itemId, NewOrderItem item) {
    return lines.change(itemId, requireNonNull(item, "item"));
  }

  /**
   * Removes an item.
   *
   * @param itemId the item's id
   * @return whether there was one
   */
  public boolean removeItem(int itemId) {
    return lines.remove(itemId);
  }

  private Order change(int id, TableField<OrdersRecord, String> column, @Nullable String value) {
    return session
        .dsl()
        .update(orders)
        .set(column, value)
        .where(orders.ID.eq(id))
        .returning()
        .fetchOptional(row -> OrderMapper.order(row, orders))
        .orElseThrow(() -> identity.notFound("order " + id));
  }
}
