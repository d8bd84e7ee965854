package dev.dovetable.examples.quickstart;

import dev.dovetable.core.CrmFleet;
import dev.dovetable.core.FleetDatabase;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.webhooks.WebhookReport;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.schema.fleet.DatabaseFleet;
import dev.dovetable.schema.fleet.DirectoryReport;
import dev.dovetable.schema.fleet.FleetReport;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.install.InstallReport;
import dev.dovetable.schema.migration.AgentMigrations;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/** The Java of the page on many agents. */
final class ScaleExamples {

  DirectoryReport own(DataSource owner1, DataSource owner2) {
    // docs/scale.md begins
    DatabaseFleet owners = DatabaseFleet.of(Map.of("eu1", owner1, "eu2", owner2));
    FleetReport<InstallReport> installed = owners.run(CrmSchema.create()::install);
    owners.run(AgentMigrations.of(Webhooks.extension())::run).orThrow();
    DirectoryReport directory = owners.directoryIn("eu1").enrol();
    // ends
    installed.orThrow();
    return directory;
  }

  TenantScope use(DataSource eu1, DataSource eu2, UUID signedIn, UUID owner, UUID admin) {
    String appSecret = "secret";
    // docs/scale.md begins
    CrmFleet fleet =
        CrmFleet.builder()
            .database(FleetDatabase.of("eu1", eu1))
            .database(FleetDatabase.of("eu2", eu2))
            .each(crm -> crm.webhookSecrets(appSecret))
            .build();
    fleet.asService().agents().create("eu2", owner, "agt_6f78", admin);
    TenantScope shop = fleet.as(Actor.user(signedIn)).tenant("agt_6f78");
    // ends
    return shop;
  }

  WebhookReport receive(CrmFleet fleet, byte[] body, String signature) {
    // docs/scale.md begins
    WebhookReport report = fleet.webhooks().receive(body, signature);
    // ends
    return report;
  }

  CrmFleet bind(DataSource a, DataSource b, DataSource c, DataSource d) {
    // docs/scale.md begins
    CrmFleet bound = CrmFleet.builder().database(FleetDatabase.of("eu1", a, b, c, d)).build();
    // ends
    return bound;
  }
}
