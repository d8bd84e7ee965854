package dev.dovetable.spring.metrics;

import dev.dovetable.schema.migration.AgentMigrationListener;
import dev.dovetable.schema.migration.AgentMigrationReport;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;

/** Times each agent's migration. Thread-safe. */
final class MigrationMeters implements AgentMigrationListener {
  static final String MIGRATIONS = "crm.migrations";

  private final MeterRegistry registry;

  MigrationMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void done(AgentMigrationReport.Result result, int done, int total) {
    Timer.builder(MIGRATIONS)
        .description("Migrations of one agent each")
        .tag("outcome", result.status().name().toLowerCase(Locale.ROOT))
        .register(registry)
        .record(result.duration());
  }
}
