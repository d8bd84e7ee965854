package dev.dovetable.core.webhooks;

import dev.dovetable.schema.migration.AgentExtension;
import java.util.List;

/** The tables that webhooks need beside each agent's four. */
final class WebhookTables {
  static final String EXTENSION = "whatsapp_webhooks";
  private static final String FOLDER = "dev/dovetable/core/webhooks";
  static final List<String> FILES =
      List.of(
          "001_create_webhook_tables.sql",
          "002_add_identities_over_time.sql",
          "003_add_states_of_messages.sql",
          "004_document_columns.sql",
          "005_add_senders.sql",
          "006_keep_messages.sql");
  static final int VERSION = FILES.size();

  private WebhookTables() {}

  static AgentExtension extension() {
    return AgentExtension.fromClassPath(EXTENSION, FOLDER, FILES.toArray(String[]::new));
  }
}
