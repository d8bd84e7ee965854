package dev.dovetable.core.agents;

/**
 * How large an agent's tables are. Immutable and thread-safe.
 *
 * @param customers {@code {prefix}_customers}
 * @param messages {@code {prefix}_messages}
 * @param orders {@code {prefix}_orders}
 * @param ordersItems {@code {prefix}_orders_items}
 */
public record AgentSize(
    TableSize customers, TableSize messages, TableSize orders, TableSize ordersItems) {

  /**
   * How large one table is. Immutable and thread-safe.
   *
   * @param rows the exact number of rows that the actor can see
   * @param bytes what the table takes on disk, with indexes and long texts
   */
  public record TableSize(long rows, long bytes) {}

  /**
   * All tables together.
   *
   * @return the number of bytes
   */
  public long bytes() {
    return customers.bytes() + messages.bytes() + orders.bytes() + ordersItems.bytes();
  }
}
