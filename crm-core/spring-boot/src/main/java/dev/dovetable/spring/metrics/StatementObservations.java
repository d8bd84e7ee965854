package dev.dovetable.spring.metrics;

import dev.dovetable.core.common.CrmObserver;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Optional;

/** Each statement is an observation below the one at hand. Thread-safe. */
final class StatementObservations implements CrmObserver {
  static final String NAME = "crm.statement";
  static final String OPERATION = "crm.operation";
  static final String PREFIX = "crm.agent";
  static final String ERROR = "crm.error";
  static final String ROUND_TRIPS = "crm.round.trips";

  /** An observation of a kind has the same keys each time, or a registry of metrics refuses it. */
  private static final String NO_AGENT = "none";

  private final ObservationRegistry registry;
  private final boolean namesAgents;

  StatementObservations(ObservationRegistry registry, boolean namesAgents) {
    this.registry = registry;
    this.namesAgents = namesAgents;
  }

  @Override
  public StatementEnd onStatement(String operation, Optional<String> prefix) {
    Observation observation =
        Observation.createNotStarted(NAME, registry)
            .contextualName(operation)
            .lowCardinalityKeyValue(OPERATION, operation);
    if (namesAgents) {
      observation.lowCardinalityKeyValue(PREFIX, prefix.orElse(NO_AGENT));
    }
    observation.start();
    return (roundTrips, failure) -> {
      observation.highCardinalityKeyValue(ROUND_TRIPS, String.valueOf(roundTrips));
      observation.lowCardinalityKeyValue(
          ERROR, failure.map(ErrorKinds::of).orElse(ErrorKinds.NONE));
      failure.ifPresent(observation::error);
      observation.stop();
    };
  }
}
