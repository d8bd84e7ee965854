package dev.dovetable.schema.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.fixture.CatalogSnapshot;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.internal.files.Script;
import dev.dovetable.schema.migration.AgentMigrationReport.Result;
import dev.dovetable.schema.migration.AgentMigrationReport.Status;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Migrations are run by the role that installed, which is no superuser. */
class AgentMigrationsTest extends AgentMigrationTest {
  @Test
  void everyAgentGetsEveryVersionAndTheLedgerSaysSo() throws SQLException {
    agents.make(1, 3);

    AgentMigrationReport first = AgentMigrations.of(FIRST).run(owner);

    assertThat(first.registered()).containsExactly("visits 1");
    assertThat(first.results())
        .hasSize(3)
        .allSatisfy(
            result -> {
              assertThat(result.status()).isEqualTo(Status.MIGRATED);
              assertThat(result.versions()).isOne();
              assertThat(result.error()).isEmpty();
            });
    assertThat(first.isComplete()).isTrue();

    database.execute("insert into agt_2_customers (agent_id, name, phone) values (2, 'Ada', '1')");
    AgentMigrationReport second = AgentMigrations.of(SECOND).run(owner);

    assertThat(second.registered()).containsExactly("visits 2");
    assertThat(database.strings("select reason from agt_2_visits"))
        .containsExactly("made by version 2 for agt_2 2");
    assertThat(
            database.strings(
                "select agent_id || ' ' || version || ' ' || (checksum ~ '^[0-9a-f]{64}$')"
                    + " from crm_private.agent_versions where extension = 'visits'"
                    + " order by agent_id, version"))
        .containsExactly("1 1 true", "1 2 true", "2 1 true", "2 2 true", "3 1 true", "3 2 true");
    assertThat(AgentMigrations.of(SECOND).run(owner).results()).isEmpty();
    assertThat(AgentMigrations.of(SECOND).isUpToDate(owner)).isTrue();
  }

  @Test
  void agentsMadeAfterwardsByPlainSqlGetThemInTheSameTransaction() throws SQLException {
    AgentMigrations.of(SECOND).run(owner);

    agents.make(1, 1);

    assertThat(
            database.strings(
                "select extension || ' ' || version from crm_private.agent_versions order by 1"))
        .containsExactly("crm 1", "visits 1", "visits 2");
    assertThat(database.string("select count(reason)::text from agt_1_visits")).isEqualTo("0");
    assertThat(AgentMigrations.of(SECOND).isUpToDate(owner)).isTrue();
  }

  @Test
  void oldAndNewAgentsAreTheSame() throws SQLException {
    agents.make(1, 1);
    AgentMigrations.of(FIRST).run(owner);
    AgentMigrations.of(SECOND).run(owner);
    agents.make(2, 2);

    String columns =
        "select string_agg(replace(t, 'agt_%1$s', 'x'), '; ' order by t) from ("
            + "select c.relname || ' ' || a.attname || ' ' || a.atttypid::regtype as t"
            + " from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0"
            + " where c.relname like 'agt\\_%1$s\\_%%'"
            + " union all select c.relname || ' ' || c.relrowsecurity || ' '"
            + " || coalesce(c.relacl::text, '') || ' ' || coalesce(p.polname, '')"
            + " from pg_class c left join pg_policy p on p.polrelid = c.oid"
            + " where c.relname like 'agt\\_%1$s\\_%%') as x";
    assertThat(database.string(columns.formatted(1)))
        .isEqualTo(database.string(columns.formatted(2)));
  }

  @Test
  void deletingAnAgentRemovesItsExtensionTables() throws SQLException {
    agents.make(1, 2);
    AgentMigrations.of(SECOND).run(owner);

    database.execute("select delete_agent(1)");
    database.execute("delete from agents where id = 2");

    assertThat(database.strings("select relname from pg_class where relname like 'agt\\_%'"))
        .isEmpty();
    assertThat(database.string("select count(*)::text from crm_private.agent_versions"))
        .isEqualTo("0");
  }

  @Test
  void aFailedAgentIsRecordedAndTheOthersGoOnAndTheNextRunCompletes() throws SQLException {
    agents.make(1, 5);
    database.execute("create table agt_3_visits (id int)"); // the host's

    AgentMigrationReport report = AgentMigrations.of(SECOND).run(owner);

    assertThat(report.failures())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.prefix()).isEqualTo("agt_3");
              assertThat(failure.error())
                  .hasValueSatisfying(e -> assertThat(e).contains("agt_3_visits"));
            });
    assertThat(report.results()).hasSize(5);
    assertThat(report.isComplete()).isFalse();
    assertThat(
            database.strings("select agent_id || ' ' || sqlstate from crm_private.agent_failures"))
        .containsExactly("3 42P07");
    assertThat(database.string("select count(*)::text from agt_3_visits")).isEqualTo("0");

    database.execute("drop table agt_3_visits");
    AgentMigrationReport next = AgentMigrations.of(SECOND).run(owner);

    assertThat(next.results()).extracting(Result::prefix).containsExactly("agt_3");
    assertThat(next.isComplete()).isTrue();
    assertThat(database.strings("select * from crm_private.agent_failures")).isEmpty();
  }

  @Test
  void theLedgerHoldsTimeDurationAndChecksum() throws SQLException {
    agents.make(1, 1);
    AgentMigrations.of(FIRST).run(owner);

    assertThat(
            database.strings(
                "select v.applied_at between now() - interval '1 hour' and now()"
                    + " and v.duration_ms between 0 and 3600000 and v.checksum = t.checksum"
                    + " and v.checksum = encode(sha256(convert_to(t.template, 'UTF8')), 'hex')"
                    + " from crm_private.agent_versions v"
                    + " join crm_private.agent_templates t using (extension, version)"
                    + " where v.extension = 'visits'"))
        .containsExactly("t");
  }

  @Test
  void theLibrarysOwnNameIsTaken() {
    assertThatThrownBy(
            () ->
                AgentExtension.fromClassPath(
                    "crm", "dev/dovetable/schema/fixture/visits", "001_create_visits.sql"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("crm");
  }

  @Test
  void aReleasedFileThatWasChangedIsRefused() throws SQLException {
    agents.make(1, 1);
    AgentMigrations.of(FIRST).run(owner);
    AgentExtension changed =
        AgentExtension.of(
            "visits", List.of(Script.of("db/001_other.sql", "alter table {orders} add a int;")));

    assertThatThrownBy(() -> AgentMigrations.of(changed).run(owner))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("db/001_other.sql")
        .hasMessageContaining("visits/001_create_visits.sql")
        .extracting("reason")
        .isEqualTo(Reason.EDITED_SCRIPT);
  }

  @Test
  void aPlanChangesNothing() throws SQLException {
    agents.make(1, 2);
    CatalogSnapshot before = database.snapshot();

    AgentMigrationPlan plan = AgentMigrations.of(SECOND).plan(owner);

    assertThat(plan.agents()).containsExactly("agt_1", "agt_2");
    assertThat(plan.sql())
        .contains(
            "-- dev/dovetable/schema/fixture/visits/001_create_visits.sql",
            "create table agt_1_visits (")
        .contains("|| 'agt_1' || ' ' || 1 from agt_1_customers;");
    assertThat(database.snapshot().differencesFrom(before)).isEmpty();
    assertThat(
            database.string("select string_agg(extension, ' ') from crm_private.agent_templates"))
        .isEqualTo("crm");
    assertThat(AgentMigrations.of(SECOND).isUpToDate(owner)).isFalse();
  }

  @Test
  void aTemplateThatFailsKeepsAnAgentFromBeingMade() throws SQLException {
    database.execute("create function nothing() returns text language sql as 'select null'");
    AgentMigrations.of(
            AgentExtension.of(
                "broken",
                List.of(Script.of("db/001_x.sql", "update {orders} set notes = nothing();"))))
        .run(owner);
    database.execute("drop function nothing()");

    assertThatThrownBy(() -> agents.make(1, 1))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("extension broken, db/001_x.sql: function nothing() does not exist")
        .hasMessageContaining("withdraw");
    assertThat(database.string("select count(*)::text from agents")).isEqualTo("0");
  }

  @Test
  void withoutTheSchemaItSaysSo() throws SQLException {
    try (TestDatabase empty = TestDatabase.create()) {
      assertThatThrownBy(() -> AgentMigrations.of(FIRST).run(empty.superuser()))
          .isInstanceOf(SchemaException.class)
          .hasMessageContaining("CrmSchema.install")
          .extracting("reason")
          .isEqualTo(Reason.NOT_CURRENT);
    }
  }

  @Test
  void settingsOutOfTheirBoundsThrow() {
    for (ThrowingCallable bad :
        List.<ThrowingCallable>of(
            () -> AgentMigrations.builder().connections(0),
            () -> AgentMigrations.builder().connections(65),
            () -> AgentMigrations.builder().agentsPerSecond(0),
            () -> AgentMigrations.builder().lockTimeout(Duration.ZERO),
            () -> AgentMigrations.builder().statementTimeout(Duration.ofDays(2)),
            () -> AgentMigrations.builder().giveUpAfter(Duration.ofMillis(-1)),
            () -> AgentMigrations.builder().schema("pg_x"))) {
      assertThatThrownBy(bad).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> AgentMigrations.of(FIRST, SECOND))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("visits");
  }
}
