package dev.dovetable.testkit;

import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.testkit.server.DatabasePreparer;
import java.util.List;
import javax.sql.DataSource;

/**
 * Fills the template that databases with the CRM are cloned from, one for each schema and set of
 * extensions.
 *
 * @param schema where the tables are
 * @param extensions what agents get
 */
record Installed(String schema, List<AgentExtension> extensions) implements DatabasePreparer {

  Installed {
    extensions = List.copyOf(extensions);
  }

  @Override
  public void prepare(DataSource owner) {
    CrmSchema.builder().schema(schema).build().install(owner);
    if (!extensions.isEmpty()) {
      AgentMigrations.builder(extensions.toArray(AgentExtension[]::new))
          .schema(schema)
          .build()
          .run(owner);
    }
  }
}
