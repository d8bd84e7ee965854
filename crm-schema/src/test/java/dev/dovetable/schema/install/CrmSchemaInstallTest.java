package dev.dovetable.schema.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.fixture.CatalogSnapshot;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.install.InstallReport.Outcome;
import dev.dovetable.schema.install.InstallReport.Step;
import dev.dovetable.schema.install.SchemaStatus.State;
import dev.dovetable.schema.internal.files.Script;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CrmSchemaInstallTest {
  private static final List<String> FILES =
      List.of(
          "schema/supabase_compat.sql",
          "schema/enums.sql",
          "schema/base_tables.sql",
          "schema/dynamic_table_creation.sql",
          "schema/agent_management_functions.sql",
          "schema/indexes.sql",
          "schema/extensions.sql",
          "schema/identities.sql",
          "schema/webhooks.sql",
          "schema/changes.sql",
          "schema/directory.sql");

  private final CrmSchema schema = CrmSchema.create();
  private TestDatabase database;

  @BeforeEach
  void createDatabase() {
    database = TestDatabase.create();
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  @Test
  void installsIntoAnEmptyDatabase() throws SQLException {
    assertThat(schema.status(database.superuser()).state()).isEqualTo(State.EMPTY);

    InstallReport report = schema.install(database.superuser());

    assertThat(report.outcome()).isEqualTo(Outcome.INSTALLED);
    assertThat(report.previousVersion()).isEmpty();
    assertThat(report.version()).isEqualTo(3);
    assertThat(report.steps()).extracting(Step::script).isEqualTo(FILES);
    assertThat(schema.status(database.superuser()))
        .isEqualTo(new SchemaStatus(State.CURRENT, "public", Optional.of(3), 3, List.of()));
    schema.validate(database.superuser());
  }

  @Test
  void recordsEveryFileWithItsChecksum() throws SQLException {
    schema.install(database.superuser());

    assertThat(
            database.strings(
                "select concat_ws('|', version, script, description, checksum, installed_by)"
                    + " from crm_private.schema_history order by installed_at, script"))
        .containsExactlyInAnyOrderElementsOf(
            FILES.stream()
                .map(Script::load)
                .map(
                    s -> "3|" + s.path() + "|" + s.description() + "|" + s.checksum() + "|postgres")
                .toList());
    assertThat(
            database.string(
                "select min(duration_ms) >= 0 and max(installed_at) <= now() from crm_private.schema_history"))
        .isEqualTo("t");
  }

  @Test
  void secondInstallationDoesNothingAndTakesNoTransactionId() throws SQLException {
    schema.install(database.superuser());
    CatalogSnapshot before = database.snapshot();
    String history =
        "select string_agg(h::text, ' ' order by script) from crm_private.schema_history as h";
    String rows = database.string(history);

    try (Connection connection = database.superuser().getConnection()) {
      connection.setAutoCommit(false);
      InstallReport report = schema.install(connection);

      assertThat(report.outcome()).isEqualTo(Outcome.ALREADY_CURRENT);
      assertThat(report.previousVersion()).contains(3);
      assertThat(report.steps()).isEmpty();
      assertThat(report.notes()).isEmpty();
      assertThat(TestDatabase.strings(connection, "select pg_current_xact_id_if_assigned()"))
          .containsExactly((String) null);
      assertThat(
              TestDatabase.strings(
                  connection,
                  "select 1 from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()"))
          .isEmpty();
      connection.rollback();
    }

    assertThat(database.snapshot().differencesFrom(before)).isEmpty();
    assertThat(database.string(history)).isEqualTo(rows);
  }

  @Test
  void adoptsWhatPsqlInstalled() throws SQLException {
    for (String file : FILES) {
      database.execute(Script.load(file).text());
    }
    SchemaStatus found = schema.status(database.superuser());
    assertThat(found.state()).isEqualTo(State.CURRENT);
    assertThat(found.installedVersion()).contains(3);
    assertThat(found.details()).singleElement().asString().contains("no history");

    InstallReport report = schema.install(database.superuser());

    assertThat(report.outcome()).isEqualTo(Outcome.ADOPTED);
    assertThat(report.steps()).extracting(Step::script).isEqualTo(FILES);
    assertThat(schema.status(database.superuser()).details()).isEmpty();
  }

  @Test
  void completesWhatPsqlBegan() throws SQLException {
    for (String file : FILES.subList(0, 4)) {
      database.execute(Script.load(file).text());
    }
    SchemaStatus found = schema.status(database.superuser());
    assertThat(found.state()).isEqualTo(State.OUTDATED);
    assertThat(found.details()).contains("function create_agent is missing");

    assertThat(schema.install(database.superuser()).outcome()).isEqualTo(Outcome.UPGRADED);

    assertSameAsFresh();
  }

  @Test
  void restoresLostObjects() throws SQLException {
    schema.install(database.superuser());
    database.execute("drop trigger trigger_create_agent_tables on agents");
    database.execute(
        "do $$ begin execute (select 'drop function ' || oid::regprocedure from pg_proc where proname = 'get_whatsapp_config'); end $$");
    database.execute("alter table users disable row level security");

    SchemaStatus found = schema.status(database.superuser());
    assertThat(found.state()).isEqualTo(State.MODIFIED);
    assertThat(found.details())
        .containsExactly(
            "row level security is off on table users",
            "function get_whatsapp_config is missing",
            "trigger trigger_create_agent_tables on table agents is missing or disabled");
    assertThatThrownBy(() -> schema.validate(database.superuser()))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("MODIFIED")
        .hasMessageContaining("function get_whatsapp_config is missing")
        .extracting("reason")
        .isEqualTo(Reason.NOT_CURRENT);

    assertThat(schema.install(database.superuser()).outcome()).isEqualTo(Outcome.REPAIRED);

    assertSameAsFresh();
  }

  @Test
  void upgradesAnOlderVersionOfTheHistory() throws SQLException {
    schema.install(database.superuser());
    database.execute("update crm_private.schema_history set version = 2");

    assertThat(schema.status(database.superuser()).state()).isEqualTo(State.OUTDATED);
    InstallReport report = schema.install(database.superuser());

    assertThat(report.outcome()).isEqualTo(Outcome.UPGRADED);
    assertThat(report.previousVersion()).contains(2);
    assertThat(report.steps())
        .extracting(Step::script)
        .as("the tables of agents, which migration 003 changes, have their own ledger")
        .startsWith("schema/supabase_compat.sql")
        .hasSize(FILES.size());
    assertThat(
            database.strings("select distinct version from crm_private.schema_history order by 1"))
        .containsExactly("2", "3");
    assertSameAsFresh();
  }

  @Test
  void livesInASchemaOfItsOwnBesideAForeignOne() throws SQLException {
    database.execute("create table users (id bigint primary key, email text)");
    database.execute("insert into users values (1, 'a@example.org')");
    CatalogSnapshot before = database.snapshot();
    CrmSchema own = CrmSchema.builder().schema("crm").build();

    InstallReport report = own.install(database.superuser());

    assertThat(report.outcome()).isEqualTo(Outcome.INSTALLED);
    assertThat(own.status(database.superuser()).state()).isEqualTo(State.CURRENT);
    assertThat(
            database.strings(
                "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"))
        .containsExactly("users");
    assertThat(
            database
                .snapshot()
                .only(name -> name.contains(" public."))
                .differencesFrom(before.only(name -> name.contains(" public."))))
        .isEmpty();
    assertThat(
            database.strings(
                "select nspname from pg_namespace where nspname like 'crm%' order by 1"))
        .containsExactly("crm", "crm_private");
    assertThat(own.install(database.superuser()).outcome()).isEqualTo(Outcome.ALREADY_CURRENT);
  }

  @Test
  void quotesTheNameOfTheSchema() throws SQLException {
    String name = "Zweite \"Firma\" $1 {d} ?";
    CrmSchema own = CrmSchema.builder().schema(name).build();

    assertThat(own.install(database.superuser()).outcome()).isEqualTo(Outcome.INSTALLED);
    assertThat(own.install(database.superuser()).outcome()).isEqualTo(Outcome.ALREADY_CURRENT);
    assertThat(
            database.strings(
                "select nspname from pg_namespace where nspname like 'Zweite%' order by 1"))
        .containsExactly(name, name + "_private");
  }

  @Test
  void twoSchemasInOneDatabaseDoNotKnowEachOther() throws SQLException {
    CrmSchema one = CrmSchema.builder().schema("one").build();
    CrmSchema two = CrmSchema.builder().schema("two").build();
    one.install(database.superuser());
    assertThat(two.status(database.superuser()).state()).isEqualTo(State.EMPTY);
    two.install(database.superuser());

    database.execute("drop schema two, two_private cascade");

    assertThat(one.status(database.superuser()).state()).isEqualTo(State.CURRENT);
    assertThat(two.status(database.superuser()).state()).isEqualTo(State.EMPTY);
  }

  private void assertSameAsFresh() throws SQLException {
    try (TestDatabase fresh = TestDatabase.create()) {
      schema.install(fresh.superuser());
      assertThat(database.snapshot().differencesFrom(fresh.snapshot())).isEmpty();
    }
  }
}
