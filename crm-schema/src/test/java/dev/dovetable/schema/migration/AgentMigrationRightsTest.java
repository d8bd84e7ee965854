package dev.dovetable.schema.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.fixture.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Who may do what with what migrations make and write. */
class AgentMigrationRightsTest extends AgentMigrationTest {
  @Test
  void newTablesAreGuardedLikeTheOthers() throws SQLException {
    agents.make(1, 2);
    AgentMigrations.of(SECOND).run(owner);
    database.execute("insert into agt_1_customers (agent_id, name, phone) values (1, 'Ada', '1')");
    database.execute("insert into agt_1_visits (customer_id, day) values (1, current_date)");

    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      actAs(statement, 1);
      assertThat(TestDatabase.strings(connection, "select day::text from agt_1_visits")).hasSize(1);
      statement.execute("insert into agt_1_visits (customer_id, day) values (1, current_date)");
      actAs(statement, 2);
      assertThat(TestDatabase.strings(connection, "select day::text from agt_1_visits")).isEmpty();
      assertRefused(statement, "insert into agt_1_visits (customer_id, day) values (1, now())");
      assertRefused(statement, "truncate agt_1_visits");
      assertRefused(statement, "select setval('agt_1_visits_id_seq', 1)");
      statement.execute("set role anon");
      assertRefused(statement, "select from agt_1_visits");
    }
    assertThat(
            database.strings(
                "select indexdef from pg_indexes where tablename = 'agt_1_visits' order by 1"))
        .as("an index for the foreign key that had none, and none twice")
        .anyMatch(index -> index.endsWith("(order_id)"))
        .noneMatch(index -> index.endsWith("(customer_id)"));
  }

  @Test
  void nobodyButTheOwnerWritesTemplatesAndLedger() throws SQLException {
    agents.make(1, 1);
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      for (String role : List.of("anon", "authenticated", "service_role")) {
        statement.execute("set role " + role);
        for (String table : List.of("agent_templates", "agent_versions", "agent_failures")) {
          assertRefused(statement, "insert into crm_private." + table + " default values");
          assertRefused(statement, "delete from crm_private." + table);
        }
        assertRefused(statement, "select crm_private.migrate_agent(1, 'agt_1', 'crm')");
        statement.execute("reset role");
      }
    }
  }

  /** The worker gives the connection back before its failure is told, and nothing is left to do. */
  @Test
  void whoDidNotInstallIsToldOfTheLastAgentToo() throws SQLException {
    agents.make(1, 1);
    AgentMigrations.builder(FIRST).stopWhen(() -> true).build().run(owner);
    String login = database.embedded().createLogin("app", "service_role");

    for (int i = 0; i < 40; i++) {
      assertNotTheOwner(
          login, AgentMigrations.of(FIRST)::run, "is not the one that installed schema public");
    }
  }

  @Test
  void whoMayNotEvenLookIsNotToldThatNothingIsInstalled() throws SQLException {
    String login = database.embedded().createLogin("app");

    assertNotTheOwner(
        login, AgentMigrations.of(FIRST)::run, "is not the one that installed schema public");
    assertNotTheOwner(
        login,
        dataSource -> RegisteredVersions.in("public").withdraw(dataSource, "visits", 1),
        "is not the one that installed schema public");
  }

  private void assertNotTheOwner(String login, Consumer<DataSource> work, String words) {
    assertThatThrownBy(() -> work.accept(database.embedded().dataSource(login)))
        .isInstanceOfSatisfying(
            SchemaException.class,
            e -> assertThat(e.reason()).isEqualTo(SchemaException.Reason.MISSING_RIGHTS))
        .hasMessageContaining("Role " + login + " " + words)
        .hasMessageContaining("Connect as");
  }

  private static void actAs(Statement statement, int user) throws SQLException {
    statement.execute("reset role");
    statement.execute(
        "select set_config('request.jwt.claims', json_build_object('sub', "
            + AgentsOf.user("" + user)
            + ")::text, false)");
    statement.execute("set role authenticated");
  }

  private static void assertRefused(Statement statement, String sql) {
    assertThatThrownBy(() -> statement.execute(sql))
        .as(sql)
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
  }
}
