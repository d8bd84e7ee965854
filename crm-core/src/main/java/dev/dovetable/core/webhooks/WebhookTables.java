package dev.dovetable.core.webhooks;

import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.schema.migration.AgentExtension;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The tables that webhooks need beside each agent's four. */
final class WebhookTables {
  static final String EXTENSION = "whatsapp_webhooks";
  private static final String FOLDER = "dev/dovetable/core/webhooks";
  private static final String[] FILES = {
    "001_create_webhook_tables.sql",
    "002_add_identities_over_time.sql",
    "003_add_states_of_messages.sql"
  };
  static final int VERSION = FILES.length;

  private WebhookTables() {}

  static AgentExtension extension() {
    return AgentExtension.fromClassPath(EXTENSION, FOLDER, FILES);
  }

  static Table<Record> of(AgentIdentity agent, String name) {
    return DSL.table(DSL.name(agent.schema(), agent.prefix() + '_' + name));
  }

  static <T> Field<T> column(String name, Class<T> type) {
    return DSL.field(DSL.name(name), type);
  }

  /**
   * What is thrown in place of what the server says about missing tables.
   *
   * @param cause the server's words, or null if it was not asked
   */
  static RefusedException missing(AgentIdentity agent, @Nullable Throwable cause) {
    return new RefusedException(
        RefusedException.Reason.WEBHOOKS_NOT_REGISTERED,
        "The agent " + agent.prefix() + " has no tables for webhooks.",
        "Run at every start, after CrmSchema.install: AgentMigrations.builder(Webhooks.extension())"
            + ".schema(\""
            + agent.schema()
            + "\").build().run(dataSource);",
        cause);
  }
}
