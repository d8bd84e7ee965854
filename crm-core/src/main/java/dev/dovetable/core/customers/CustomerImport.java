package dev.dovetable.core.customers;

import dev.dovetable.core.internal.connection.BulkImport;
import dev.dovetable.core.internal.connection.Copy;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.jooq.tables.Customers;
import java.util.Iterator;
import java.util.List;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/**
 * Writes customers in bulk: by COPY for the service, by one array per column for whom row level
 * security holds back. Immutable and thread-safe.
 */
final class CustomerImport {
  private final Session session;
  private final AgentIdentity identity;
  private final Customers table;

  CustomerImport(Session session, AgentIdentity identity, Customers table) {
    this.session = session;
    this.identity = identity;
    this.table = table;
  }

  long run(Iterator<NewCustomer> rows) {
    long agentId = session.fetchId(identity);
    return new BulkImport<NewCustomer>(
            row -> row.name().length() + row.phone().length(),
            (inner, chunk) -> write(inner, agentId, chunk))
        .run(session, rows);
  }

  private void write(Session inner, long agentId, List<NewCustomer> rows) {
    if (Copy.isPossible(inner)) {
      String agent = Long.toString(agentId);
      Copy.into(
          inner,
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
    inner
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
}
