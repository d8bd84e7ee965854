package dev.dovetable.core.jooq;

import dev.dovetable.core.jooq.tables.Customers;
import dev.dovetable.core.jooq.tables.Messages;
import dev.dovetable.core.jooq.tables.Orders;
import dev.dovetable.core.jooq.tables.OrdersItems;

/**
 * One agent's tables, for queries of the caller's own. Their names are complete, schema and prefix,
 * so they mean the same in any jOOQ query on any connection; which rows it sees depends on that
 * connection. {@code timestamp} columns hold UTC and are {@link java.time.Instant}s here.
 *
 * <p>jOOQ's records always belong to the template {@code {prefix}_…} that the tables were generated
 * from, so {@code store()} and {@code delete()} of a record fail: use statements on the table.
 *
 * <p>Immutable and thread-safe.
 *
 * @param customers {@code {prefix}_customers}
 * @param messages {@code {prefix}_messages}
 * @param orders {@code {prefix}_orders}
 * @param ordersItems {@code {prefix}_orders_items}
 */
public record TenantTables(
    Customers customers, Messages messages, Orders orders, OrdersItems ordersItems) {}
