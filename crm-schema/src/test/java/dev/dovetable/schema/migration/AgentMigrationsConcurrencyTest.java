package dev.dovetable.schema.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.testkit.server.Background;
import dev.dovetable.testkit.server.LockWait;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Migrations beside readers, other migrations, and agents that come and go. */
class AgentMigrationsConcurrencyTest extends AgentMigrationTest {
  @Test
  void waitsForNobodyLongAndTriesAgain() throws Exception {
    agents.make(1, 3);
    try (Connection reader = database.superuser().getConnection();
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("select from agt_2_customers");
      List<String> order = new ArrayList<>();
      CountDownLatch others = new CountDownLatch(2);
      CompletableFuture<AgentMigrationReport> running =
          Background.call(
              () ->
                  AgentMigrations.builder(FIRST)
                      .connections(2)
                      .lockTimeout(Duration.ofMillis(20))
                      .listener(
                          (result, done, total) -> {
                            order.add(result.prefix());
                            others.countDown();
                          })
                      .build()
                      .run(owner));
      LockWait first = database.embedded().awaitLockWait();
      database
          .embedded()
          .awaitLockWait(again -> !again.transactionStart().equals(first.transactionStart()));
      assertThat(others.await(1, TimeUnit.MINUTES)).isTrue();
      reader.rollback();

      AgentMigrationReport report = running.get(2, TimeUnit.MINUTES);
      assertThat(report.isComplete()).isTrue();
      assertThat(order).endsWith("agt_2");
      assertThat(report.results().get(2).attempts()).isGreaterThan(1);
    }
  }

  @Test
  void givesUpOnAnAgentThatIsAlwaysInUse() throws SQLException {
    agents.make(1, 2);
    try (Connection reader = database.superuser().getConnection();
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("select from agt_2_customers");
      AgentMigrationReport report =
          AgentMigrations.builder(FIRST)
              .lockTimeout(Duration.ofMillis(10))
              .giveUpAfter(Duration.ofMillis(50))
              .build()
              .run(owner);

      assertThat(report.failures())
          .singleElement()
          .satisfies(failure -> assertThat(failure.error().orElseThrow()).contains("55P03"));
      reader.rollback();
    }
  }

  @Test
  void runsAtOnceApplyNothingTwiceWhileAgentsComeAndGo() throws Exception {
    agents.make(1, 60);
    List<CompletableFuture<AgentMigrationReport>> runs = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      runs.add(
          Background.call(() -> AgentMigrations.builder(SECOND).connections(3).build().run(owner)));
    }
    agents.make(61, 75);
    for (int i = 1; i <= 15; i++) {
      database.execute("select delete_agent(" + (i * 4) + ")");
    }
    for (CompletableFuture<AgentMigrationReport> run : runs) {
      assertThat(run.get(2, TimeUnit.MINUTES).failures()).isEmpty();
    }

    assertThat(AgentMigrations.of(SECOND).isUpToDate(owner)).isTrue();
    assertThat(database.string("select count(*)::text from agents")).isEqualTo("60");
    assertThat(
            database.string(
                "select count(*)::text from crm_private.agent_versions where extension = 'visits'"))
        .isEqualTo("120");
    assertThat(
            database.string(
                "select count(*)::text from pg_class where relkind = 'r' and relname like '%\\_visits'"))
        .isEqualTo("60");
  }

  /** As a run does that gave up on agents while others were at them. */
  @Test
  void onlyFailuresOfAgentsThatLackSomethingAndAreLeftAloneAreRecorded() throws SQLException {
    agents.make(1, 3);
    AgentMigrations.of(FIRST).run(owner);
    database.execute(
        "delete from crm_private.agent_versions where extension = 'visits' and agent_id in (2, 3)");
    try (Connection other = database.superuser().getConnection();
        Statement migration = other.createStatement();
        Connection connection = owner.getConnection()) {
      other.setAutoCommit(false);
      migration.execute(
          "select pg_advisory_xact_lock(hashtextextended("
              + "'migration of agt_2', 'agents'::regclass::oid::bigint))");

      for (int id = 1; id <= 4; id++) {
        recordFailure(connection, id);
        recordFailure(connection, id);
      }
    }
    assertThat(
            database.strings(
                "select agent_id || ' ' || sqlstate || ' ' || message from crm_private.agent_failures"))
        .containsExactly("3 55P03 somebody was in the way");
  }

  @Test
  void anAgentThatIsBeingRemovedIsWaitedForAndThenNoMore() throws Exception {
    agents.make(1, 1);
    try (Connection other = database.superuser().getConnection();
        Statement removal = other.createStatement()) {
      other.setAutoCommit(false);
      removal.execute("select delete_agent(1)");
      CompletableFuture<String> migration =
          inTheBackground(
              "select coalesce(crm_private.migrate_agent(1, 'agt_1')::text, 'no such agent')");
      assertThat(database.embedded().awaitLockWait().lock()).isEqualTo("advisory");
      other.commit();

      assertThat(migration.get()).isEqualTo("no such agent");
    }
  }

  @Test
  void whoRemovesAnAgentWaitsForItsMigration() throws Exception {
    agents.make(1, 1);
    try (Connection other = database.superuser().getConnection();
        Statement migration = other.createStatement()) {
      other.setAutoCommit(false);
      migration.execute("select crm_private.migrate_agent(1, 'agt_1')");
      CompletableFuture<String> removal = inTheBackground("select delete_agent(1)::text");
      assertThat(database.embedded().awaitLockWait().lock()).isEqualTo("advisory");
      other.commit();

      removal.get();
      assertThat(database.string("select count(*)::text from agents")).isEqualTo("0");
    }
  }

  /** Otherwise it would hold what the migration needs next. */
  @Test
  void whoMakesTablesWaitsForTheMigrationBeforeItLocksOne() throws Exception {
    agents.make(1, 1);
    try (Connection other = database.superuser().getConnection();
        Statement migration = other.createStatement()) {
      other.setAutoCommit(false);
      migration.execute("select crm_private.migrate_agent(1, 'agt_1')");
      CompletableFuture<String> making =
          inTheBackground("select create_agent_tables('agt_1', 1)::text");
      assertThat(database.embedded().awaitLockWait().lock()).isEqualTo("advisory");

      migration.execute("lock table agt_1_customers, agt_1_messages, agt_1_orders nowait");
      other.commit();
      making.get();
    }
  }

  private CompletableFuture<String> inTheBackground(String query) {
    return Background.call(() -> database.string(query));
  }

  private static void recordFailure(Connection connection, int id) throws SQLException {
    Jdbc.run(
        connection,
        Resources.read("agents/failed.sql"),
        "crm_private",
        Integer.toString(id),
        "agt_" + id,
        "55P03",
        "somebody was in the way");
  }
}
