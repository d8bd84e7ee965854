package dev.dovetable.examples.benchmarks;

import dev.dovetable.core.Crm;
import dev.dovetable.core.users.User;
import dev.dovetable.core.webhooks.WebhookReport;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import dev.dovetable.examples.benchmarks.server.BenchmarkDatabase;
import dev.dovetable.examples.benchmarks.server.BenchmarkException;
import dev.dovetable.examples.benchmarks.work.WebhookBodies;
import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.schema.migration.AgentMigrations;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/**
 * A database whose only agent gets callbacks.
 *
 * @param bodies of its customers
 */
record WebhookReceiver(BenchmarkDatabase database, Webhooks webhooks, WebhookBodies bodies)
    implements AutoCloseable {

  static final String PREFIX = "agt_webhook";
  static final int CUSTOMERS = 100;

  /**
   * Makes one.
   *
   * @param added what is registered besides the tables of webhooks
   */
  static WebhookReceiver open(Bench bench, List<AgentExtension> added) throws SQLException {
    BenchmarkDatabase database = bench.server().database();
    database.agent(PREFIX, CUSTOMERS, 0);
    AgentMigrations.of(
            Stream.concat(Stream.of(Webhooks.extension()), added.stream())
                .toArray(AgentExtension[]::new))
        .run(database.superuser());
    User user =
        database.crm().asService().users().findByEmail(PREFIX + "@crm.example").orElseThrow();
    database
        .crm()
        .asService()
        .whatsapp()
        .save(
            NewWhatsAppConfig.of(user.id(), "12025550110", "https://crm.example/hook")
                .phoneNumberId(WebhookBodies.PHONE_NUMBER_ID));
    database.settle();
    return new WebhookReceiver(
        database,
        Crm.builder(database.pool()).webhookSecrets(WebhookBodies.SECRET).build().webhooks(),
        new WebhookBodies(CUSTOMERS));
  }

  void receive(WebhookBodies.Signed signed, int messages) {
    WebhookReport report = webhooks.receive(signed.body(), signed.signature());
    if (report.count(WebhookReport.Outcome.STORED) != messages) {
      throw new BenchmarkException("Not all messages were stored: " + report);
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
