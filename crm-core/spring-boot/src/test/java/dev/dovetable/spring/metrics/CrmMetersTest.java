package dev.dovetable.spring.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.schema.migration.AgentMigrationReport;
import dev.dovetable.spring.fixture.Running;
import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class CrmMetersTest extends Running {
  @Autowired private MeterRegistry meters;
  @Autowired private ObservationRegistry observations;

  @Test
  void statementsAreTimedByOperationAndError() {
    Agent agent = newAgent();

    crm.asAgent(agent.prefix()).customers().create(new NewCustomer("Ada Lovelace", "15550177"));
    crm.asAgent(agent.prefix()).customers().list(PageRequest.first(5));
    assertThatThrownBy(() -> crm.asAgent(agent.prefix()).messages().recordInbound(-1, "Hello"))
        .isInstanceOf(NotFoundException.class);

    assertThat(
            meters
                .get(CrmMeters.STATEMENTS)
                .tags("operation", "customers.list", "error", "none")
                .timer()
                .count())
        .isPositive();
    assertThat(
            meters
                .get(CrmMeters.STATEMENTS)
                .tags("operation", "messages.recordInbound", "error", "invalid_foreign_key")
                .timer()
                .count())
        .isPositive();
    assertThat(
            meters.get(CrmMeters.ROUND_TRIPS).tag("operation", "customers.list").summary().mean())
        .isEqualTo(1);
    assertThat(meters.getMeters().stream().map(Meter::getId).flatMap(id -> id.getTags().stream()))
        .extracting(Tag::getValue)
        .doesNotContain(agent.prefix(), "Ada Lovelace", "15550177", "Hello");
  }

  @Test
  void aTagIsBoundedWhateverABodySays() {
    SimpleMeterRegistry own = new SimpleMeterRegistry();
    CrmMeters told = new CrmMeters(own);
    for (int i = 0; i < 1000; i++) {
      told.onReceived("stored", "kind " + i);
    }
    told.onReceived("stored", "image");

    assertThat(own.find(CrmMeters.RECEIVED).counters()).hasSize(2);
    assertThat(own.get(CrmMeters.RECEIVED).tag("kind", "other").counter().count()).isEqualTo(1000);
  }

  @Test
  void lagAndMigrationsAreTimed() {
    SimpleMeterRegistry own = new SimpleMeterRegistry();
    new CrmMeters(own).onChanges(3, Duration.ofMillis(120));
    new MigrationMeters(own)
        .done(
            new AgentMigrationReport.Result(
                1,
                "shop",
                AgentMigrationReport.Status.FAILED,
                0,
                1,
                Duration.ofSeconds(2),
                Optional.of("42P01")),
            1,
            1);

    assertThat(own.get(CrmMeters.LAG).timer().max(java.util.concurrent.TimeUnit.MILLISECONDS))
        .isEqualTo(120);
    assertThat(own.get(CrmMeters.CHANGES).counter().count()).isEqualTo(3);
    assertThat(own.get(MigrationMeters.MIGRATIONS).tag("outcome", "failed").timer().count())
        .isOne();
  }

  @Test
  void aStatementIsAnObservationBelowTheOneAtHand() {
    List<Observation.Context> seen = new CopyOnWriteArrayList<>();
    observations
        .observationConfig()
        .observationHandler(
            new ObservationHandler<Observation.Context>() {
              @Override
              public void onStop(Observation.Context context) {
                seen.add(context);
              }

              @Override
              public boolean supportsContext(Observation.Context context) {
                return true;
              }
            });
    Agent agent = newAgent();
    seen.clear();

    Observation.createNotStarted("request", observations)
        .observe(() -> crm.asAgent(agent.prefix()).customers().list(PageRequest.first(5)));

    Observation.Context statement =
        seen.stream()
            .filter(one -> "customers.list".equals(one.getContextualName()))
            .findFirst()
            .orElseThrow();
    assertThat(statement.getName()).isEqualTo(StatementObservations.NAME);
    assertThat(statement.getParentObservation()).isNotNull();
    assertThat(statement.getLowCardinalityKeyValues())
        .contains(
            KeyValue.of(StatementObservations.OPERATION, "customers.list"),
            KeyValue.of(StatementObservations.PREFIX, agent.prefix()),
            KeyValue.of(StatementObservations.ERROR, "none"));
  }
}
