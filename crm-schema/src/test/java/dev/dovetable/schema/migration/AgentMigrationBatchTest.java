package dev.dovetable.schema.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.internal.files.Script;
import dev.dovetable.schema.migration.AgentMigrationReport.Result;
import dev.dovetable.schema.migration.AgentMigrationReport.Status;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Agents whose migrations are sent together: one that fails keeps none of the others back. */
class AgentMigrationBatchTest extends AgentMigrationTest {
  /** So many that a run over one connection sends several at once. */
  private static final int MANY = 40;

  @Test
  void oneThatFailsIsToldApartFromThoseSentWithIt() throws SQLException {
    agents.make(1, MANY);
    database.execute("create table agt_5_visits (id int); create table agt_6_visits (id int)");

    AgentMigrationReport report = AgentMigrations.builder(FIRST).connections(1).build().run(owner);

    assertThat(report.failures()).extracting(Result::prefix).containsExactly("agt_5", "agt_6");
    assertMigratedOnce(report, MANY - 2);
    assertThat(
            database.strings("select agent_id from crm_private.agent_failures order by agent_id"))
        .containsExactly("5", "6");
  }

  @Test
  void oneWhoseLockIsTakenKeepsNoneOfThoseSentWithItBack() throws SQLException {
    agents.make(1, MANY);

    try (Connection busy = owner.getConnection();
        Statement statement = busy.createStatement()) {
      busy.setAutoCommit(false);
      statement.execute("lock table agt_7_customers in access share mode");
      AgentMigrationReport report =
          AgentMigrations.builder(
                  AgentExtension.of(
                      "mail",
                      List.of(
                          Script.of(
                              "db/001_mail.sql", "alter table {customers} add column mail text"))))
              .connections(1)
              .lockTimeout(Duration.ofMillis(20))
              .giveUpAfter(Duration.ofMillis(300))
              .build()
              .run(owner);

      assertThat(report.failures())
          .singleElement()
          .satisfies(
              failure -> {
                assertThat(failure.prefix()).isEqualTo("agt_7");
                assertThat(failure.error().orElseThrow()).contains("55P03");
                assertThat(failure.attempts()).isGreaterThan(1);
              });
      assertMigratedOnce(report, MANY - 1);
    }
  }

  @Test
  void oneThatWasDeletedMeanwhileIsToldApart() throws SQLException {
    assertThe20thIsDeletedIn("select delete_agent(20)");
  }

  @Test
  void aNewAgentWithTheNameOfOneThatWasDeletedMeanwhileIsNotTakenForIt() throws SQLException {
    assertThe20thIsDeletedIn(
        "select delete_agent(20); select create_agent(%s, 'agt_20', %s)"
            .formatted(AgentsOf.user("20"), AgentsOf.user("0")));
    assertThat(
            database.strings("select agent_id from crm_private.agent_versions where agent_id = 20"))
        .isEmpty();
  }

  @Test
  void oneWhoseTablesWereDroppedFailsAndIsNotTakenForDeleted() throws SQLException {
    agents.make(1, 3);
    database.execute("select drop_agent_tables('agt_2')");

    AgentMigrationReport report = AgentMigrations.of(FIRST).run(owner);

    assertThat(report.results())
        .extracting(result -> result.prefix() + " " + result.status())
        .containsExactlyInAnyOrder("agt_1 MIGRATED", "agt_2 FAILED", "agt_3 MIGRATED");
    assertThat(report.failures())
        .singleElement()
        .satisfies(failure -> assertThat(failure.error().orElseThrow()).contains("42P01"));
  }

  /** The SQL deletes it, when the first agent of a run is done. */
  private void assertThe20thIsDeletedIn(String sql) throws SQLException {
    agents.make(1, MANY);
    AgentMigrationReport report =
        AgentMigrations.builder(FIRST)
            .connections(1)
            .listener((result, done, total) -> executeAtTheFirst(done, sql))
            .build()
            .run(owner);

    assertThat(report.results())
        .filteredOn(result -> result.status() == Status.DELETED)
        .extracting(Result::prefix)
        .containsExactly("agt_20");
    assertMigratedOnce(report, MANY - 1);
  }

  private void executeAtTheFirst(int done, String sql) {
    if (done > 1) {
      return;
    }
    try {
      database.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** That every agent has one result, and so many got their one version. */
  private void assertMigratedOnce(AgentMigrationReport report, int migrated) {
    assertThat(report.results()).extracting(Result::prefix).doesNotHaveDuplicates().hasSize(MANY);
    assertThat(report.results())
        .filteredOn(result -> result.status() == Status.MIGRATED)
        .hasSize(migrated)
        .allSatisfy(
            result -> {
              assertThat(result.versions()).isOne();
              assertThat(result.error()).isEqualTo(Optional.empty());
            });
  }
}
