package dev.dovetable.core.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.deliveries.Delivery;
import dev.dovetable.core.deliveries.DeliveryState;
import dev.dovetable.core.deliveries.MessageDetails;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.schema.migration.AgentMigrations;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An agent whose tables for webhooks an earlier release made, and filled. */
class WebhookUpgradeTest extends DatabaseTest {
  private static final String EARLIER =
      """
      insert into crm.{p}_customers (id, agent_id, name, phone)
        select 1, a.id, 'Ada', '13125550142' from crm.agents a where a.agent_prefix = '{p}';
      insert into crm.{p}_messages (id, customer_id, message, direction, timestamp) values
        (1, 1, 'Gren', 'inbound', '2026-11-01 10:00'),
        (2, 1, '[edited] Green', 'inbound', '2026-11-01 10:01'),
        (3, 1, '[reaction] x', 'inbound', '2026-11-01 10:02'),
        (4, 1, '[media not available]', 'outbound', '2026-11-01 10:03');
      insert into crm.{p}_whatsapp_deliveries (provider_id, message_id, kind, concerns, payload) values
        ('wamid.1', 1, 'text', null, '{}'),
        ('wamid.2', 2, 'edit', 'wamid.1', '{}'),
        ('wamid.3', 3, 'reaction', 'wamid.1', '{"reaction": {"emoji": "x"}}'),
        ('wamid.4', 4, 'media_placeholder', null, '{}');
      insert into crm.{p}_whatsapp_statuses (provider_id, read_at) values ('wamid.1', '2026-11-01 10:05');
      """;

  private static void run(AgentExtension extension) {
    assertThat(
            AgentMigrations.builder(extension)
                .schema(Installed.SCHEMA)
                .build()
                .run(database.dataSource())
                .failures())
        .isEmpty();
  }

  @Test
  void keepsWhatIsThereAndKnowsWhatItMeans() throws SQLException {
    run(
        AgentExtension.fromClassPath(
            WebhookTables.EXTENSION,
            "dev/dovetable/core/webhooks",
            "001_create_webhook_tables.sql"));
    String prefix = newAgent().prefix();
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(EARLIER.replace("{p}", prefix));
    }

    run(Webhooks.extension());

    TenantScope shop = crm.asAgent(prefix);
    Delivery delivery = shop.deliveries().find(1).orElseThrow();
    assertThat(delivery.edit().map(Delivery.Edit::text)).contains("Green");
    assertThat(delivery.reactions()).extracting(Delivery.Reaction::emoji).containsExactly("x");
    assertThat(delivery.state()).contains(DeliveryState.READ);
    assertThat(delivery.price()).isEmpty();
    MessageDetails details = shop.deliveries().details(4).orElseThrow();
    assertThat(details.kind()).isEqualTo("media_placeholder");
    assertThat(details.phoneNumberId()).isEqualTo(Optional.empty());
    assertThat(shop.customers().consent(1)).isEmpty();
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select string_agg(provider_id || ' ' || awaits, ',') from crm."
                    + prefix
                    + "_whatsapp_deliveries")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isEqualTo("wamid.4 content");
    }
  }
}
