package dev.dovetable.schema.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.doctor.DoctorReport;
import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.fleet.DirectoryFinding.Code;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.install.InstallReport;
import dev.dovetable.schema.migration.AgentMigrationReport;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.testkit.server.wire.CustomDataSource;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is done to several databases, and whether they agree with their directory. */
class DatabaseFleetTest {
  private static final DataSource DOWN =
      new CustomDataSource(
          () -> {
            throw new SQLException("refused", "08001");
          });

  private TestDatabase one;
  private TestDatabase two;
  private DatabaseFleet fleet;

  @BeforeEach
  void create() {
    one = TestDatabase.create();
    two = TestDatabase.create();
    fleet = of("one", one.superuser(), "two", two.superuser());
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
  }

  private static DatabaseFleet of(Object... namesAndSources) {
    Map<String, DataSource> databases = new LinkedHashMap<>();
    for (int i = 0; i < namesAndSources.length; i += 2) {
      databases.put((String) namesAndSources[i], (DataSource) namesAndSources[i + 1]);
    }
    return DatabaseFleet.of(databases);
  }

  private static void addAgent(TestDatabase database, String prefix) throws SQLException {
    database.execute(
        """
        insert into users (id, name, email, role) values (md5('%1$s')::uuid, 'U', '%1$s@example.com', 'agent');
        insert into users (id, name, email, role) values (md5('admin')::uuid, 'A', 'a@example.com', 'admin')
        on conflict do nothing;
        select create_agent(md5('%1$s')::uuid, '%1$s', md5('admin')::uuid)
        """
            .formatted(prefix));
  }

  private static List<String> found(DirectoryReport report) {
    return report.findings().stream()
        .map(finding -> finding.code() + " " + finding.subject() + " " + finding.databases())
        .toList();
  }

  @Test
  void oneThatFailsHidesNothingOfTheOthers() {
    DatabaseFleet three = of("one", one.superuser(), "down", DOWN, "two", two.superuser());

    FleetReport<InstallReport> installed = three.run(CrmSchema.create()::install);
    assertThat(installed.done()).containsOnlyKeys("one", "two");
    assertThat(installed.done().values())
        .allMatch(report -> report.outcome() == InstallReport.Outcome.INSTALLED);
    assertThat(installed.failed().get("down")).isInstanceOf(SchemaException.class);
    assertThat(installed.isComplete()).isFalse();
    assertThatThrownBy(installed::orThrow).isInstanceOf(SchemaException.class);

    FleetReport<AgentMigrationReport> migrated = three.run(AgentMigrations.of()::run);
    assertThat(migrated.done().values()).allMatch(AgentMigrationReport::isComplete);
    assertThat(migrated.failed()).containsOnlyKeys("down");
    FleetReport<DoctorReport> examined = three.run(CrmDoctor.create()::examine);
    assertThat(examined.done().values()).hasSize(2).allMatch(DoctorReport::isHealthy);
    assertThat(examined.failed()).containsOnlyKeys("down");
    assertThat(examined.toString()).contains("one", "two", "down");
  }

  @Test
  void allAreDoneAtTheSameTime() {
    CyclicBarrier both = new CyclicBarrier(2);
    FleetReport<Boolean> met =
        fleet.run(
            dataSource -> {
              try {
                both.await(1, TimeUnit.MINUTES);
                return true;
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    assertThat(met.orThrow()).containsOnlyKeys("one", "two");
    assertThatThrownBy(
            () ->
                fleet.run(
                    dataSource -> {
                      throw new IllegalStateException("a mistake of the work's");
                    }))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void namesAreChecked() {
    assertThatIllegalArgumentException().isThrownBy(() -> DatabaseFleet.of(Map.of()));
    assertThatIllegalArgumentException().isThrownBy(() -> of("a b", DOWN));
    assertThatIllegalArgumentException().isThrownBy(() -> fleet.directoryIn("three"));
  }

  @Test
  void enrollingGivesIdsAndListsAgents() throws SQLException {
    fleet.run(CrmSchema.create()::install).orThrow();
    addAgent(one, "agt_a");
    FleetDirectory directory = fleet.directoryIn("one");
    assertThat(found(directory.check()))
        .containsExactlyInAnyOrder(
            "NOT_ENROLLED one one", "NOT_ENROLLED two two", "AGENT_NOT_LISTED agt_a one");

    assertThat(found(directory.enrol())).hasSize(3);

    assertThat(directory.check().isHealthy()).isTrue();
    assertThat(fleet.run(CrmDoctor.create()::examine).orThrow().values())
        .as("no agent yet, and the sequence far ahead")
        .allMatch(DoctorReport::isHealthy);
    addAgent(one, "agt_b");
    addAgent(two, "agt_c");
    assertThat(one.string("select max(id) from agents")).isEqualTo("2");
    assertThat(two.string("select id from agents")).isEqualTo("1000000001");
    assertThat(found(directory.enrol()))
        .containsExactlyInAnyOrder("AGENT_NOT_LISTED agt_b one", "AGENT_NOT_LISTED agt_c two");
    assertThat(
            one.strings(
                "select agent_prefix || ' ' || database_name || ' ' || is_made from crm_private.agent_places order by 1"))
        .containsExactly("agt_a one true", "agt_b one true", "agt_c two true");
    assertThat(directory.enrol().isHealthy()).isTrue();
    assertThat(two.string("select nextval('agents_id_seq')")).isEqualTo("1000000002");
    FleetReport<DoctorReport> examined = fleet.run(CrmDoctor.create()::examine);
    assertThat(examined.orThrow().values()).allMatch(DoctorReport::isHealthy);
  }

  @Test
  void whatDisagreesIsToldAndMended() throws SQLException {
    fleet.run(CrmSchema.create()::install).orThrow();
    FleetDirectory directory = fleet.directoryIn("one");
    directory.enrol();
    addAgent(one, "agt_a");
    addAgent(two, "agt_b");
    directory.enrol();
    one.execute(
        """
        update crm_private.agent_places set database_name = 'two' where agent_prefix = 'agt_a';
        insert into crm_private.agent_places
        select p, 'two', gen_random_uuid(), m, now() - a
        from (values ('agt_gone', true, interval '6 min'), ('agt_left', false, interval '6 min'),
          ('agt_young', false, interval '1 min')) as v(p, m, a);
        """);
    two.execute("select setval('agents_id_seq', 7)");

    List<String> wrong =
        List.of(
            "AGENT_ELSEWHERE agt_a one, not two",
            "AGENT_MISSING agt_gone two",
            "RESERVATION_LEFT agt_left two",
            "IDS_OUT_OF_RANGE two two");
    assertThat(found(directory.check())).containsExactlyInAnyOrderElementsOf(wrong);
    assertThat(found(directory.enrol())).containsExactlyInAnyOrderElementsOf(wrong);
    assertThat(directory.check().isHealthy()).isTrue();
    assertThat(two.string("select nextval('agents_id_seq')")).isEqualTo("1000000002");
    assertThat(one.strings("select agent_prefix from crm_private.agent_places order by 1"))
        .containsExactly("agt_a", "agt_b", "agt_young");
  }

  @Test
  void whatNobodyCanDecideIsTold() throws SQLException {
    fleet.run(CrmSchema.create()::install).orThrow();
    addAgent(one, "agt_a");
    addAgent(two, "agt_a");
    FleetDirectory directory = fleet.directoryIn("one");
    for (TestDatabase database : List.of(one, two)) {
      database.execute(
          "insert into whatsapp_configuration (user_id, whatsapp_number, webhook_url, phone_number_id)"
              + " values (md5('agt_a')::uuid, '+1', 'x', '777')");
    }

    DirectoryReport report = directory.enrol();

    assertThat(report.findings())
        .filteredOn(finding -> !finding.code().isMendable())
        .extracting(DirectoryFinding::code)
        .containsExactlyInAnyOrder(Code.PREFIX_TWICE, Code.AGENT_ID_TWICE, Code.NUMBER_TWICE);
    assertThat(directory.check().findings())
        .extracting(DirectoryFinding::code)
        .containsExactlyInAnyOrder(Code.PREFIX_TWICE, Code.AGENT_ID_TWICE, Code.NUMBER_TWICE);
    assertThat(one.strings("select agent_prefix from crm_private.agent_places")).isEmpty();
  }

  @Test
  void ofADatabaseThatIsDownNothingIsTold() throws SQLException {
    fleet.run(CrmSchema.create()::install).orThrow();
    addAgent(two, "agt_b");
    fleet.directoryIn("one").enrol();
    one.execute("update crm_private.agent_places set since = now() - interval '1 hour'");

    DirectoryReport report = of("one", one.superuser(), "two", DOWN).directoryIn("one").enrol();

    assertThat(report.findings()).isEmpty();
    assertThat(report.failed()).containsOnlyKeys("two");
    assertThat(report.isHealthy()).isFalse();
    assertThat(one.strings("select agent_prefix from crm_private.agent_places"))
        .containsExactly("agt_b");
  }
}
