package dev.dovetable.core.orders;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** Orders with their items from the rows of a join, which come order by order. Not thread-safe. */
final class OrderExport extends AbstractSpliterator<OrderWithItems> {
  private final Iterator<? extends Record> rows;
  private final Function<Record, Order> order;
  private final Function<Record, @Nullable OrderItem> item;

  /** The first row of the next order; null at the end, and before the first row is read. */
  private @Nullable Record ahead;

  private boolean begun;

  private OrderExport(
      Iterator<? extends Record> rows,
      Function<Record, Order> order,
      Function<Record, @Nullable OrderItem> item) {
    super(Long.MAX_VALUE, ORDERED | NONNULL);
    this.rows = rows;
    this.order = order;
    this.item = item;
  }

  /**
   * Closing it closes the rows.
   *
   * @param item gives null for a row of an order without items
   */
  static Stream<OrderWithItems> of(
      Stream<? extends Record> rows,
      Function<Record, Order> order,
      Function<Record, @Nullable OrderItem> item) {
    return StreamSupport.stream(new OrderExport(rows.iterator(), order, item), false)
        .onClose(rows::close);
  }

  @Override
  public boolean tryAdvance(Consumer<? super OrderWithItems> action) {
    // Not sooner: what fails here is thrown to somebody who can close the stream.
    Record row = begun ? ahead : next();
    begun = true;
    if (row == null) {
      return false;
    }
    Order current = order.apply(row);
    List<OrderItem> items = new ArrayList<>();
    while (row != null && order.apply(row).id() == current.id()) {
      OrderItem found = item.apply(row);
      if (found != null) {
        items.add(found);
      }
      row = next();
    }
    ahead = row;
    action.accept(new OrderWithItems(current, items));
    return true;
  }

  private @Nullable Record next() {
    return rows.hasNext() ? rows.next() : null;
  }
}
