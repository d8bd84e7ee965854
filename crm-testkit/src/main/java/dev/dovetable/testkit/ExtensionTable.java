package dev.dovetable.testkit;

import dev.dovetable.schema.internal.settings.Names;
import dev.dovetable.testkit.internal.Sql;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.Query;
import org.jooq.Table;
import org.jooq.impl.DSL;

/**
 * A table that an extension has made for an agent.
 *
 * @param column one that can be updated
 * @param sequence the name of its sequence, if it has one
 * @param insert puts a row into it, if its constraints allow the plainest values
 */
record ExtensionTable(Table<?> table, Field<?> column, Optional<String> sequence, Query insert) {

  /**
   * Asks for one agent's, as the service.
   *
   * @param schema where the agent's tables are
   * @param id for the rows that are put in
   */
  static List<ExtensionTable> of(
      DSLContext dsl, String schema, String prefix, long agentId, int id) {
    String internal = Names.privateSchema(schema);
    return dsl.fetch(
            Sql.text("extension_tables.sql"),
            DSL.table(DSL.name(internal, "agent_versions")),
            DSL.table(DSL.name(internal, "agent_templates")),
            DSL.val(schema),
            DSL.val(prefix),
            DSL.val(agentId),
            DSL.val(id))
        .map(
            row -> {
              Name name = DSL.name(schema, row.get("name", String.class));
              return new ExtensionTable(
                  DSL.table(name),
                  DSL.field(DSL.name(row.get("column_name", String.class))),
                  Optional.ofNullable(row.get("sequence", String.class)),
                  dsl.query(row.get("insert_statement", String.class)));
            });
  }
}
