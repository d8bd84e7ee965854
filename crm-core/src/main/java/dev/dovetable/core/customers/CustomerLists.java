package dev.dovetable.core.customers;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.Keyset;
import dev.dovetable.core.jooq.tables.Customers;
import java.util.List;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/** Reads customers page by page, those made last first. */
final class CustomerLists {
  private CustomerLists() {}

  static Page<Customer> page(
      Session session, Customers table, Condition which, String list, PageRequest page) {
    Condition rest =
        requireNonNull(page, "page")
            .after()
            .map(cursor -> table.ID.lt(Keyset.toInt(Keyset.keys(cursor, list, 1).get(0))))
            .orElse(DSL.noCondition());
    List<Customer> fetched =
        session
            .dsl()
            .selectFrom(table)
            .where(which)
            .and(rest)
            .orderBy(table.ID.desc())
            .limit(page.limit() + 1)
            .fetch(row -> CustomerMapper.customer(row, table));
    return Keyset.page(fetched, page, last -> Keyset.cursor(list, last.id()));
  }
}
