package dev.dovetable.schema.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.install.InstallReport;
import dev.dovetable.schema.install.InstallReport.Outcome;
import dev.dovetable.schema.install.SchemaStatus;
import dev.dovetable.schema.install.SchemaStatus.State;
import dev.dovetable.schema.internal.files.Script;
import dev.dovetable.schema.internal.files.Scripts;
import dev.dovetable.testkit.server.Background;
import dev.dovetable.testkit.server.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * An upgrade changes the tables of agents that exist one agent after the other, by the same ledger
 * and runner as an application's extensions.
 */
class AgentUpgradeTest {
  private static final CrmSchema SCHEMA = CrmSchema.create();
  private static final String LEDGER =
      "select agent_id || ' ' || extension || ' ' || version from crm_private.agent_versions"
          + " order by 1";

  private TestDatabase database;

  @BeforeEach
  void createDatabase() throws SQLException {
    database = TestDatabase.create();
    makeOlder(database);
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  /** From before migration 001, with two agents. */
  private static void makeOlder(TestDatabase database) throws SQLException {
    database.execute(Scripts.current().supabaseCompat().text());
    database.execute(TestDatabase.resource("older/before_001.sql"));
  }

  @Test
  void theLedgerSaysWhoHasIt() throws SQLException {
    SCHEMA.install(database.superuser());
    database.execute(
        "insert into users (id, name, email, role) values (%s, 'D', 'd@example.org', 'agent')"
            .formatted(AgentsOf.user("4")));
    database.execute(
        "select create_agent(%s, 'agt_new', (select id from users where role = 'admin'))"
            .formatted(AgentsOf.user("4")));

    assertThat(database.strings(LEDGER)).containsExactly("1 crm 1", "2 crm 1", "3 crm 1");
    assertThat(
            database.strings(
                "select distinct checksum = encode(sha256(convert_to(template, 'UTF8')), 'hex')"
                    + " from crm_private.agent_templates"))
        .containsExactly("t");
    assertThat(AgentMigrations.of().isUpToDate(database.superuser())).isTrue();
  }

  @Test
  void psqlKeepsTheSameLedger() throws SQLException {
    for (Script script : Scripts.current().upgradeByPsql()) {
      database.execute(script.text());
    }

    assertThat(database.strings(LEDGER)).containsExactly("1 crm 1", "2 crm 1");
  }

  @Test
  void withoutTheFileForAllAgentsPsqlCanDoOneAfterTheOther() throws SQLException {
    for (Script script : Scripts.current().upgradeFrom(0)) {
      database.execute(script.text());
    }
    database.execute("select crm_private.migrate_agent(id, agent_prefix) from agents where id = 1");

    assertThat(database.strings("select agent_prefix from crm_private.outdated_agents()"))
        .containsExactly("agt_9b21");
    assertThat(database.strings("select total_amount from agt_6f78_orders order by id"))
        .containsExactly("21.00", "59.97", "0.00");
  }

  @Test
  void anAgentThatFailsIsReportedAndDoneByTheNextInstallation() throws SQLException {
    database.execute("alter table agt_9b21_orders_items rename to hidden");

    InstallReport report = SCHEMA.install(database.superuser());

    assertThat(report.outcome()).isEqualTo(Outcome.UPGRADED);
    assertThat(report.notes())
        .extracting(InstallReport.Note::finding)
        .anySatisfy(
            finding ->
                assertThat(finding)
                    .startsWith("1 of 2 agents were not brought up to date: agt_9b21 (SQLSTATE "));
    SchemaStatus status = SCHEMA.status(database.superuser());
    assertThat(status.state()).isEqualTo(State.AGENTS_BEHIND);
    assertThat(status.installedVersion()).contains(SCHEMA.version());
    assertThat(status.details())
        .containsExactly("tables of 1 agents are those of an older version");
    assertThatThrownBy(() -> SCHEMA.validate(database.superuser()))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("tables of 1 agents")
        .extracting("reason")
        .isEqualTo(Reason.NOT_CURRENT);

    database.execute("alter table hidden rename to agt_9b21_orders_items");
    InstallReport next = SCHEMA.install(database.superuser());

    assertThat(next.outcome()).isEqualTo(Outcome.UPGRADED);
    assertThat(next.steps()).isEmpty();
    assertThat(next.agents().orElseThrow().results()).hasSize(1);
    assertThat(SCHEMA.install(database.superuser()).outcome()).isEqualTo(Outcome.ALREADY_CURRENT);
    assertThat(database.string("select total_amount from agt_9b21_orders")).isEqualTo("89.90");
  }

  @Test
  void whatIsLeftIsDoneInACallersTransactionToo() throws SQLException {
    for (Script script : Scripts.current().upgradeFrom(0)) {
      database.execute(script.text());
    }
    try (Connection connection = database.superuser().getConnection()) {
      SCHEMA.install(connection);
      connection.createStatement().execute("delete from crm_private.agent_versions");
      assertThat(SCHEMA.status(connection).state()).isEqualTo(State.AGENTS_BEHIND);
      connection.setAutoCommit(false);
      assertThat(SCHEMA.install(connection).outcome()).isEqualTo(Outcome.UPGRADED);
      connection.commit();
    }

    assertThat(database.strings(LEDGER)).containsExactly("1 crm 1", "2 crm 1");
  }

  @Test
  void aFailureOfAnExtensionIsNoneOfTheInstallation() throws SQLException {
    SCHEMA.install(database.superuser());
    AgentExtension broken =
        AgentExtension.of(
            "broken",
            List.of(
                Script.of(
                    "db/001_x.sql",
                    "alter table {orders} add check ({agent_id} > 1000);"
                        + " insert into {customers} (agent_id, name, phone)"
                        + " values ({agent_id}, 'x', '1');"
                        + " insert into {orders} (customer_id) select id from {customers};")));
    assertThat(AgentMigrations.of(broken).run(database.superuser()).failures()).hasSize(2);

    assertThat(SCHEMA.status(database.superuser()).state()).isEqualTo(State.CURRENT);
    assertThat(SCHEMA.install(database.superuser()).outcome()).isEqualTo(Outcome.ALREADY_CURRENT);
    database.execute("delete from crm_private.agent_versions where extension = 'crm'");
    InstallReport report = SCHEMA.install(database.superuser());
    assertThat(report.agents().orElseThrow().isComplete()).isTrue();
  }

  /** Before there are triggers, nothing but the lock tells of a change that isn't committed. */
  @Test
  void aWriterThatIsNotDoneIsWaitedFor() throws Exception {
    try (Connection writer = database.superuser().getConnection();
        Statement statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      statement.execute("delete from agt_6f78_orders_items where name = 'Cup'");
      CompletableFuture<InstallReport> upgrade =
          Background.call(() -> SCHEMA.install(database.superuser()));
      database.embedded().awaitLockWait(wait -> wait.statement().contains("migrate_agent"));
      writer.commit();
      assertThat(upgrade.get(2, TimeUnit.MINUTES).agents().orElseThrow().isComplete()).isTrue();
    }

    assertThat(database.string("select total_amount from agt_6f78_orders where id = 1"))
        .isEqualTo("9.00");
  }

  /** What needs a lock for each agent at the same time doesn't fit into this server. */
  @Test
  @Tag("slow")
  void aFleetIsUpgradedOnASmallServer() throws SQLException {
    int agents = 110;
    try (PostgresServer small =
            PostgresServer.builder()
                .setting("max_connections", "12")
                .setting("max_locks_per_transaction", "10")
                .start();
        TestDatabase fleet = new TestDatabase(small.createDatabase())) {
      makeOlder(fleet);
      AgentsOf.makeFleet(fleet, 1, agents);
      assertThatThrownBy(() -> inOneTransaction(fleet))
          .isInstanceOf(SchemaException.class)
          .hasMessageContaining("53200")
          .hasMessageContaining("CrmSchema.install(DataSource)");

      InstallReport report = SCHEMA.install(fleet.superuser());

      assertThat(report.agents().orElseThrow().results()).hasSize(agents + 2);
      assertThat(report.agents().orElseThrow().isComplete()).isTrue();
      assertThat(SCHEMA.status(fleet.superuser()).state()).isEqualTo(State.CURRENT);
      try (TestDatabase fresh = new TestDatabase(small.createDatabase())) {
        SCHEMA.install(fresh.superuser());
        fresh.execute(TestDatabase.resource("older/current.sql"));
        AgentsOf.makeFleet(fresh, 1, agents);
        assertThat(fleet.snapshot().differencesFrom(fresh.snapshot())).isEmpty();
      }
    }
  }

  private static void inOneTransaction(TestDatabase database) throws SQLException {
    try (Connection connection = database.superuser().getConnection()) {
      SCHEMA.install(connection);
    }
  }
}
