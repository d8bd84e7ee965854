package dev.dovetable.core.agents;

import dev.dovetable.core.agents.AgentSize.TableSize;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.DatabaseException.Kind;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.jooq.TenantTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** Measures an agent's tables in one statement. Immutable and thread-safe. */
final class AgentSizes {
  private final Session session;

  AgentSizes(Session session) {
    this.session = session;
  }

  /** Empty if there are no such tables. */
  Optional<AgentSize> of(TenantTables tables) {
    DSLContext dsl = session.dsl();
    List<Field<Long>> fields = new ArrayList<>();
    for (Table<?> table :
        List.of(tables.customers(), tables.messages(), tables.orders(), tables.ordersItems())) {
      fields.add(DSL.field(DSL.select(DSL.count().cast(Long.class)).from(table)));
      fields.add(
          DSL.function(
              DSL.name("pg_catalog", "pg_total_relation_size"),
              Long.class,
              DSL.inline(dsl.render(table))));
    }
    try {
      Record row = dsl.select(fields).fetchSingle();
      return Optional.of(new AgentSize(size(row, 0), size(row, 2), size(row, 4), size(row, 6)));
    } catch (DatabaseException e) {
      if (e.kind() == Kind.NOT_INSTALLED) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static TableSize size(Record row, int first) {
    return new TableSize(row.get(first, Long.class), row.get(first + 1, Long.class));
  }
}
