package dev.dovetable.schema.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.doctor.DoctorReport;
import dev.dovetable.schema.doctor.Finding;
import dev.dovetable.schema.doctor.Finding.Severity;
import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.fixture.CatalogSnapshot;
import dev.dovetable.schema.fixture.LongForm;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.install.InstallReport;
import dev.dovetable.schema.install.InstallReport.Outcome;
import dev.dovetable.schema.install.SchemaStatus.State;
import dev.dovetable.schema.internal.files.Scripts;
import dev.dovetable.schema.migration.AgentMigrationReport.Result;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * From before the first migration to the newest state: upgraded, extended, changed twice, broken,
 * repaired, with agents that come and go. In the end nothing tells the database from a fresh one.
 */
@Tag("slow")
class YearOfAnApplicationTest {
  private static final CrmSchema SCHEMA = CrmSchema.create();
  private static final CrmDoctor DOCTOR = CrmDoctor.create();
  private static final AgentExtension JANUARY = AgentsOf.visits("001_create_visits.sql");
  private static final AgentExtension JUNE =
      AgentsOf.visits("001_create_visits.sql", "002_add_reason.sql");
  private static final AgentExtension OCTOBER =
      AgentsOf.visits("001_create_visits.sql", "002_add_reason.sql", "003_add_place.sql");

  /** With the two that before_001.sql makes. */
  private static final int AGENTS = LongForm.orElse(200, 75);

  private static final int LATER_AGENTS = 3;
  private static final String TOTALS =
      "select string_agg(total_amount::text, ' ' order by id) from fleet_%d_orders";

  @Test
  @Timeout(600)
  void endsLikeAFreshInstallation() throws SQLException {
    try (TestDatabase database = TestDatabase.create();
        TestDatabase fresh = TestDatabase.create()) {
      beginBeforeTheFirstMigration(database);
      upgrade(database);
      extendAndChangeTwice(database);
      breakAndRepair(database);
      deleteAgents(database);

      SCHEMA.install(fresh.superuser());
      AgentMigrations.of(OCTOBER).run(fresh.superuser());
      makeTheSameAgents(database, fresh);

      assertThat(database.snapshot().differencesFrom(fresh.snapshot())).isEmpty();
      assertThat(SCHEMA.status(database.superuser()).state()).isEqualTo(State.CURRENT);
      assertThat(AgentMigrations.of(OCTOBER).isUpToDate(database.superuser())).isTrue();
      assertThat(DOCTOR.examine(database.superuser()).isHealthy()).isTrue();
      assertThat(ledger(database)).isEqualTo(ledger(fresh));
      assertDataIsThere(database);
    }
  }

  private static void beginBeforeTheFirstMigration(TestDatabase database) throws SQLException {
    database.execute(Scripts.current().supabaseCompat().text());
    database.execute(TestDatabase.resource("older/before_001.sql"));
    AgentsOf.makeFleet(database, 3, AGENTS);
    database.executeEach(
        IntStream.rangeClosed(3, AGENTS)
            .mapToObj(
                n ->
                    """
                    insert into fleet_%1$d_customers (agent_id, name, phone) values (%1$d, 'Ada', '1'), (%1$d, 'Bo', '2');
                    insert into fleet_%1$d_messages (customer_id, message, direction) values (1, 'Hello', 'inbound');
                    insert into fleet_%1$d_orders (customer_id) values (1), (2);
                    insert into fleet_%1$d_orders_items (order_id, name, quantity, price)
                    values (1, 'Tea', %1$d, 2.50), (1, 'Cup', 1, 12.00)
                    """
                        .formatted(n)));
  }

  private static void upgrade(TestDatabase database) throws SQLException {
    InstallReport report = SCHEMA.install(database.superuser());

    assertThat(report.outcome()).isEqualTo(Outcome.UPGRADED);
    assertThat(report.previousVersion()).contains(0);
    assertThat(report.agents().orElseThrow().results()).hasSize(AGENTS);
    assertThat(report.agents().orElseThrow().isComplete()).isTrue();
    assertThat(database.string(TOTALS.formatted(72))).isEqualTo("192.00 0.00");
  }

  private static void extendAndChangeTwice(TestDatabase database) throws SQLException {
    migrate(database, JANUARY, AGENTS);
    AgentsOf.makeFleet(database, AGENTS + 1, AGENTS + 1);
    database.execute("insert into fleet_7_visits (customer_id, day) values (1, '2026-02-01')");
    migrate(database, JUNE, AGENTS + 1);
    AgentsOf.makeFleet(database, AGENTS + 2, AGENTS + 2);
    migrate(database, OCTOBER, AGENTS + 2);
    AgentsOf.makeFleet(database, AGENTS + 3, AGENTS + LATER_AGENTS);
  }

  private static void migrate(TestDatabase database, AgentExtension extension, int agents) {
    AgentMigrationReport report = AgentMigrations.of(extension).run(database.superuser());

    assertThat(report.isComplete()).isTrue();
    assertThat(report.results()).hasSize(agents).extracting(Result::versions).containsOnly(1);
  }

  private static void breakAndRepair(TestDatabase database) throws SQLException {
    CatalogSnapshot whole = database.snapshot();
    database.execute(
        """
        alter table fleet_50_messages disable row level security;
        grant select on fleet_50_customers to anon;

        drop index fleet_60_customers_phone_idx;
        alter table fleet_60_orders_items disable trigger items_inserted;
        comment on table fleet_60_orders is 'Mine.';

        drop policy fleet_70_visits_access on fleet_70_visits;
        alter table fleet_70_messages alter column direction drop not null;
        alter table fleet_70_visits drop constraint fleet_70_visits_order_id_fkey;
        """);

    DoctorReport ill = DOCTOR.examine(database.superuser());

    Set<String> broken =
        ill.findings().stream()
            .flatMap(finding -> finding.prefix().stream())
            .collect(Collectors.toSet());
    assertThat(broken).containsExactlyInAnyOrder("fleet_50", "fleet_60", "fleet_70");
    assertThat(ill.findings()).extracting(Finding::severity).contains(Severity.ERROR);
    assertThat(ill.repairable()).hasSameSizeAs(ill.findings());

    assertThat(DOCTOR.repair(database.superuser(), ill).failures()).isEmpty();

    assertThat(DOCTOR.examine(database.superuser()).findings()).isEmpty();
    assertThat(database.snapshot().differencesFrom(whole)).isEmpty();
  }

  private static void deleteAgents(TestDatabase database) throws SQLException {
    for (int n = 10; n <= 40; n++) {
      assertThat(database.string("select success from delete_agent(" + n + ")")).isEqualTo("t");
    }
    database.execute("delete from agents where agent_prefix = 'fleet_60'");
    database.execute("delete from agents where agent_prefix = 'agt_9b21'");
  }

  /** Policies and constraints hold the agents' ids. */
  private static void makeTheSameAgents(TestDatabase database, TestDatabase fresh)
      throws SQLException {
    fresh.execute(
        "insert into users (id, name, email, role) values (%s, 'A', 'a@example.com', 'admin')"
            .formatted(AgentsOf.user("0")));
    List<String> agents = database.strings("select id || ', ''' || agent_prefix from agents");
    try (Connection connection = fresh.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      for (String agent : agents) {
        statement.execute(
            "insert into agents (id, agent_prefix, created_by) values (%s', %s)"
                .formatted(agent, AgentsOf.user("0")));
      }
    }
  }

  private static List<String> ledger(TestDatabase database) throws SQLException {
    return database.strings(
        "select agent_id || ' ' || extension || ' ' || version || ' ' || checksum"
            + " from crm_private.agent_versions order by 1");
  }

  private static void assertDataIsThere(TestDatabase database) throws SQLException {
    assertThat(database.string("select count(*)::text from agents"))
        .isEqualTo(Integer.toString(AGENTS + LATER_AGENTS - 31 - 2));
    assertThat(database.strings("select total_amount from agt_6f78_orders order by id"))
        .containsExactly("21.00", "59.97", "0.00");
    for (int n : List.of(3, 50, 70, AGENTS)) {
      assertThat(database.string(TOTALS.formatted(n)))
          .isEqualTo("%.2f 0.00".formatted(12 + n * 2.5).replace(',', '.'));
      assertThat(database.string("select count(*)::text from fleet_%d_customers".formatted(n)))
          .isEqualTo("2");
    }
    assertThat(database.strings("select day || ' ' || place from fleet_7_visits order by id"))
        .hasSize(3)
        .startsWith("2026-02-01 shop");
  }
}
