package dev.dovetable.core.fleet;

import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.testkit.server.DatabasePreparer;
import javax.sql.DataSource;

/** The schema, where new agents have the tables of webhooks. */
public final class PreparedForWebhooks implements DatabasePreparer {
  @Override
  public void prepare(DataSource superuser) {
    CrmSchema.builder().schema(Installed.SCHEMA).build().install(superuser);
    AgentMigrations.builder(Webhooks.extension()).schema(Installed.SCHEMA).build().run(superuser);
  }
}
