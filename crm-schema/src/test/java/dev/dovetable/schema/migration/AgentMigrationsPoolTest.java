package dev.dovetable.schema.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.fixture.SmallPool;
import dev.dovetable.testkit.server.Background;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run takes as many connections as its pool gives it, and leaves some to the application. */
class AgentMigrationsPoolTest {
  private static final int AGENTS = 12;
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final AgentExtension VISITS = AgentsOf.visits("001_create_visits.sql");

  private AgentsOf agents;

  @BeforeEach
  void install() throws SQLException {
    agents = AgentsOf.create().make(1, AGENTS);
  }

  @AfterEach
  void drop() {
    agents.close();
  }

  private SmallPool pool(int size, Duration timeout) {
    return new SmallPool(agents.ownerUrl(), size, timeout);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aPoolSmallerThanTheBoundIsEnough(int size) {
    SmallPool pool = pool(size, LONG);

    AgentMigrationReport report = AgentMigrations.builder(VISITS).connections(8).build().run(pool);

    assertThat(report.results()).hasSize(AGENTS);
    assertThat(report.isComplete()).isTrue();
    assertThat(pool.mostInUse()).isLessThanOrEqualTo(size);
    assertThat(pool.inUse()).isZero();
  }

  @Test
  void connectionsIsTheMostThatAreTaken() {
    SmallPool pool = pool(AGENTS, LONG);

    AgentMigrations.builder(VISITS).connections(3).build().run(pool);

    assertThat(pool.mostInUse()).isBetween(1, 3);
  }

  @Test
  void whatTheApplicationHoldsIsNotWaitedFor() throws SQLException {
    SmallPool pool = pool(3, LONG);
    try (Connection first = pool.getConnection();
        Connection second = pool.getConnection()) {
      AgentMigrationReport report = AgentMigrations.of(VISITS).run(pool);

      assertThat(report.isComplete()).isTrue();
      assertThat(first.isValid(1) && second.isValid(1)).isTrue();
    }
  }

  /** Workers that time out leave the work to those that have a connection. */
  @Test
  void aPoolThatRefusesSomeIsEnough() throws SQLException {
    SmallPool pool = pool(1, Duration.ofMillis(1));

    AgentMigrationReport report =
        AgentMigrations.builder(VISITS)
            .connections(4)
            .listener((result, done, total) -> pause())
            .build()
            .run(pool);

    assertThat(report.isComplete()).isTrue();
  }

  @Test
  void aPoolThatRefusesAllFailsTheRunAndNothingIsLost() throws Exception {
    SmallPool pool = pool(1, Duration.ofMillis(50));
    AtomicBoolean taken = new AtomicBoolean();
    CompletableFuture<Connection> thief = new CompletableFuture<>();
    AgentMigrations migrations =
        AgentMigrations.builder(VISITS)
            .agentsPerSecond(4) // so slow that the connection goes back in between
            .listener(
                (result, done, total) -> {
                  if (taken.compareAndSet(false, true)) {
                    Background.call(() -> thief.complete(take(pool)));
                  }
                })
            .build();

    assertThatThrownBy(() -> migrations.run(pool))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("no connection within")
        .hasMessageContaining("Agents that are done stay done");

    thief.get(2, TimeUnit.MINUTES).close();
    AgentMigrationReport rest = AgentMigrations.of(VISITS).run(pool(4, LONG));
    assertThat(rest.isComplete()).isTrue();
    assertThat(rest.results()).hasSizeBetween(1, AGENTS - 1);
  }

  /** With a single connection, the application gets it again and again while agents are done. */
  @Test
  void theApplicationGetsItsTurn() throws Exception {
    SmallPool pool = pool(1, LONG);
    AtomicInteger turns = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    CompletableFuture<AgentMigrationReport> run =
        Background.call(
            () ->
                AgentMigrations.builder(VISITS)
                    .connections(2)
                    .listener(
                        (result, count, total) -> {
                          pause();
                          done.set(count);
                        })
                    .build()
                    .run(pool));
    while (done.get() == 0) {
      Thread.sleep(1);
    }
    while (done.get() < AGENTS) {
      try (Connection connection = pool.getConnection()) {
        if (done.get() < AGENTS && connection.isValid(1)) {
          turns.incrementAndGet();
        }
      }
    }

    assertThat(run.get(2, TimeUnit.MINUTES).isComplete()).isTrue();
    assertThat(turns.get()).isPositive();
  }

  private static Connection take(SmallPool pool) {
    while (true) {
      try {
        return pool.getConnection();
      } catch (SQLException e) {
        Thread.onSpinWait();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(200);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
