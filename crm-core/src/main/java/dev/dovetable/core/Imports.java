package dev.dovetable.core;

import dev.dovetable.core.jooq.tables.Customers;
import dev.dovetable.core.jooq.tables.Messages;
import java.util.Iterator;
import java.util.List;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/**
 * Bulk writes: COPY for the service, one array per column for whom row level security holds back.
 * Immutable and thread-safe.
 */
final class Imports {
  private final AgentIdentity identity;

  Imports(AgentIdentity identity) {
    this.identity = identity;
  }

  long customers(Session session, Customers table, Iterator<NewCustomer> rows) {
    long agentId = identity.fetchId(session);
    return new BulkImport<NewCustomer>(
            row -> row.name().length() + row.phone().length(),
            (inner, chunk) -> writeCustomers(inner, table, agentId, chunk))
        .run(session, rows);
  }

  long messages(Session session, Messages table, Iterator<NewMessage> rows) {
    return new BulkImport<NewMessage>(
            row -> row.text().length(), (inner, chunk) -> writeMessages(inner, table, chunk))
        .run(session, rows);
  }

  private void writeCustomers(
      Session session, Customers table, long agentId, List<NewCustomer> rows) {
    if (Copy.isPossible(session)) {
      String agent = Long.toString(agentId);
      Copy.into(
          session,
          identity.name(),
          table,
          List.of(table.AGENT_ID, table.NAME, table.PHONE),
          copy -> {
            for (NewCustomer row : rows) {
              copy.add(agent, row.name(), row.phone());
            }
          });
      return;
    }
    Field<Record> unnest =
        DSL.function(
            "unnest",
            SQLDataType.RECORD,
            DSL.val(rows.stream().map(NewCustomer::name).toArray(String[]::new)),
            DSL.val(rows.stream().map(NewCustomer::phone).toArray(String[]::new)));
    Table<Record> wanted = DSL.table("{0}", unnest).as("wanted", "name", "phone");
    session
        .dsl()
        .insertInto(table, table.AGENT_ID, table.NAME, table.PHONE)
        .select(
            DSL.select(
                    DSL.val(agentId),
                    DSL.field(DSL.name("wanted", "name"), String.class),
                    DSL.field(DSL.name("wanted", "phone"), String.class))
                .from(wanted))
        .execute();
  }

  private void writeMessages(Session session, Messages table, List<NewMessage> rows) {
    // COPY can't leave a column to its default in some rows only.
    if (rows.stream().allMatch(row -> row.timestamp().isPresent()) && Copy.isPossible(session)) {
      Copy.into(
          session,
          identity.name(),
          table,
          List.of(table.CUSTOMER_ID, table.MESSAGE, table.DIRECTION, table.TIMESTAMP),
          copy -> {
            for (NewMessage row : rows) {
              copy.add(
                  Integer.toString(row.customerId()),
                  row.text(),
                  row.direction().column(),
                  Times.text(row.timestamp().get()));
            }
          });
      return;
    }
    MessageRows columns = new MessageRows(table);
    session
        .dsl()
        .execute(
            columns.insert(
                DSL.select(columns.values())
                    .from(MessageRows.of(rows))
                    .orderBy(MessageRows.POSITION)));
  }
}
