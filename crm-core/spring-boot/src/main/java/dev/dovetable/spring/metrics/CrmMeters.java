package dev.dovetable.spring.metrics;

import dev.dovetable.core.common.CrmObserver;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Optional;

/**
 * Meters of statements, callbacks and the change feed. No tag names an agent or holds what came in:
 * each has some dozens of values at most. Thread-safe.
 */
final class CrmMeters implements CrmObserver {
  static final String STATEMENTS = "crm.statements";
  static final String ROUND_TRIPS = "crm.statements.round.trips";
  static final String RECEIVED = "crm.webhook.received";
  static final String LAG = "crm.changes.lag";
  static final String CHANGES = "crm.changes.told";

  private final MeterRegistry registry;

  CrmMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public StatementEnd onStatement(String operation, Optional<String> prefix) {
    Timer.Sample begun = Timer.start(registry);
    return (roundTrips, failure) -> {
      begun.stop(
          Timer.builder(STATEMENTS)
              .description("Statements of the CRM, with the time to get a connection")
              .tag("operation", operation)
              .tag("error", failure.map(ErrorKinds::of).orElse(ErrorKinds.NONE))
              .register(registry));
      DistributionSummary.builder(ROUND_TRIPS)
          .description("Round trips of a statement")
          .tag("operation", operation)
          .register(registry)
          .record(roundTrips);
    };
  }

  @Override
  public void onReceived(String outcome, String kind) {
    registry.counter(RECEIVED, "outcome", outcome, "kind", MessageKinds.bounded(kind)).increment();
  }

  @Override
  public void onChanges(int changes, Duration lag) {
    registry.counter(CHANGES).increment(changes);
    Timer.builder(LAG)
        .description("How long ago the newest change was written when a listener is told")
        .register(registry)
        .record(lag);
  }
}
