package dev.dovetable.schema.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.database.SqlFiles;
import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.fixture.CatalogSnapshot;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.install.InstallReport.Outcome;
import dev.dovetable.schema.install.InstallReport.Step;
import dev.dovetable.schema.install.SchemaStatus.State;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.files.Script;
import dev.dovetable.schema.internal.files.Scripts;
import dev.dovetable.schema.migration.AgentMigrationReport.Result;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An installation of any age becomes what a fresh one with the same agents is, and keeps its data.
 */
class MigrationTest {
  private static final Scripts SCRIPTS = Scripts.current();
  private static final CrmSchema SCHEMA = CrmSchema.create();

  private static final String HISTORY = "installer/history.sql";

  private static CatalogSnapshot fresh;
  private TestDatabase database;

  @BeforeAll
  static void installFresh() throws SQLException {
    try (TestDatabase database = TestDatabase.create()) {
      SCHEMA.install(database.superuser());
      database.execute(TestDatabase.resource("older/current.sql"));
      fresh = database.snapshot();
    }
  }

  @AfterAll
  static void forget() {
    fresh = null;
  }

  @BeforeEach
  void createDatabase() throws SQLException {
    database = TestDatabase.create();
    database.execute(SCRIPTS.supabaseCompat().text());
    database.execute(TestDatabase.resource("older/before_001.sql"));
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  /** Brings the installation from before 001 on to a later age, as its owner would have done. */
  private void age(int version) throws SQLException {
    if (version >= 1) {
      database.execute(SCRIPTS.migrations().get(0).text());
      database.execute(TestDatabase.resource("older/before_002.sql"));
    }
    if (version >= 2) {
      database.execute(SCRIPTS.migrations().get(1).text());
      database.execute(TestDatabase.resource("older/before_003.sql"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void installerUpgradesFromEachVersion(int version) throws SQLException {
    age(version);
    List<String> data = data();
    SchemaStatus found = SCHEMA.status(database.superuser());
    assertThat(found.state()).isEqualTo(State.OUTDATED);
    assertThat(found.installedVersion()).contains(version);

    InstallReport report = SCHEMA.install(database.superuser());

    assertThat(report.outcome()).isEqualTo(Outcome.UPGRADED);
    assertThat(report.previousVersion()).contains(version);
    assertThat(report.steps())
        .extracting(Step::script)
        .filteredOn(script -> script.startsWith("migrations/"))
        .isEqualTo(SCRIPTS.migrations().stream().limit(2).skip(version).map(Script::path).toList());
    assertThat(report.agents().orElseThrow().results())
        .extracting(Result::prefix)
        .containsExactlyInAnyOrder("agt_6f78", "agt_9b21");
    assertThat(report.notes())
        .extracting(InstallReport.Note::consequence)
        .noneMatch(text -> text.startsWith("Raised by"));
    assertThat(database.snapshot().differencesFrom(fresh)).isEmpty();
    assertKept(data);
    assertThat(SCHEMA.status(database.superuser()).state()).isEqualTo(State.CURRENT);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void installerUpgradesInTheCallersTransaction(int version) throws SQLException {
    age(version);
    List<String> data = data();

    try (Connection connection = database.superuser().getConnection()) {
      connection.setAutoCommit(false);
      InstallReport report = SCHEMA.install(connection);
      assertThat(report.outcome()).isEqualTo(Outcome.UPGRADED);
      assertThat(report.agents()).isEmpty();
      assertThat(SCHEMA.status(connection).state()).isEqualTo(State.CURRENT);
      connection.commit();
    }

    assertThat(database.snapshot().differencesFrom(fresh)).isEmpty();
    assertKept(data);
    assertThat(SCHEMA.status(database.superuser()).state()).isEqualTo(State.CURRENT);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void migrationsThenFilesByHand(int version) throws SQLException {
    age(version);
    List<String> data = data();

    for (Script script : SCRIPTS.upgradeByPsql()) {
      database.execute(script.text());
    }

    assertThat(database.snapshot().differencesFrom(fresh.only(MigrationTest::isNoHistory)))
        .isEmpty();
    assertKept(data);
    assertThat(SCHEMA.status(database.superuser()).state()).isEqualTo(State.CURRENT);
    assertThat(SCHEMA.install(database.superuser()).outcome()).isEqualTo(Outcome.ADOPTED);
    assertThat(database.snapshot().differencesFrom(fresh)).isEmpty();
  }

  /** The order of an export for Supabase. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void filesThenMigrationsByHand(int version) throws SQLException {
    age(version);
    List<String> data = data();

    for (Script script : SCRIPTS.schema()) {
      database.execute(script.text());
    }
    for (Script script : SCRIPTS.migrations()) {
      database.execute(script.text());
    }

    assertThat(database.snapshot().differencesFrom(fresh.only(MigrationTest::isNoHistory)))
        .isEmpty();
    assertKept(data);
  }

  @Test
  void everythingOnceMoreChangesNothing() throws SQLException {
    SCHEMA.install(database.superuser());
    CatalogSnapshot before = database.snapshot();
    List<String> data = data();

    for (Script script : SCRIPTS.upgradeByPsql()) {
      database.execute(script.text());
    }

    assertThat(database.snapshot().differencesFrom(before)).isEmpty();
    assertThat(data()).isEqualTo(data);
    assertKept(data);
  }

  @Test
  void totalsAreKeptAfterAnUpgrade() throws SQLException {
    SCHEMA.install(database.superuser());

    database.execute(
        "insert into agt_9b21_orders_items (order_id, name, quantity, price) values (1, 'Bulb', 2, 5.05)");

    assertThat(database.strings("select total_amount from agt_9b21_orders"))
        .containsExactly("100.00");
  }

  /** From before each file was a transaction, with its history and with what was made of agents. */
  @Test
  void theFirstReleaseIsBroughtForward() throws SQLException {
    try (TestDatabase first = TestDatabase.create()) {
      List<String> files =
          List.of(
              "schema/supabase_compat.sql",
              "schema/enums.sql",
              "schema/base_tables.sql",
              "schema/dynamic_table_creation.sql",
              "schema/agent_management_functions.sql",
              "schema/indexes.sql");
      for (String file : files) {
        first.execute(earlier(file));
      }
      first.execute(TestDatabase.resource("older/current.sql"));
      assertThat(first.snapshot().differencesFrom(fresh)).isNotEmpty();
      first.execute("set search_path to crm_private, public; " + Resources.read(HISTORY));
      for (String file : files) {
        first.execute(
            "insert into crm_private.schema_history (version, script, description, checksum,"
                + " duration_ms) values (3, '%s', '', '%s', 0)"
                    .formatted(file, Script.of(file, earlier(file)).checksum()));
      }
      SchemaStatus found = SCHEMA.status(first.superuser());
      assertThat(found.state()).isEqualTo(State.OUTDATED);
      assertThat(found.details())
          .hasSize(files.size())
          .contains("schema/enums.sql is that of an earlier release");
      assertThatThrownBy(() -> CrmDoctor.create().examine(first.superuser()))
          .isInstanceOf(SchemaException.class)
          .extracting("reason")
          .isEqualTo(Reason.NOT_CURRENT);

      InstallReport report = SCHEMA.install(first.superuser());

      assertThat(report.outcome()).isEqualTo(Outcome.UPGRADED);
      assertThat(first.snapshot().differencesFrom(fresh)).isEmpty();
      assertThat(SCHEMA.status(first.superuser()).state()).isEqualTo(State.CURRENT);
      assertThat(SCHEMA.install(first.superuser()).outcome()).isEqualTo(Outcome.ALREADY_CURRENT);
    }
  }

  @Test
  void theFirstReleaseIsBroughtForwardByPsql() throws SQLException {
    try (TestDatabase first = TestDatabase.create()) {
      for (String file : SqlFiles.SPECIFICATION) {
        first.execute(earlier(file));
      }
      first.execute(TestDatabase.resource("older/current.sql"));

      for (Script script : SCRIPTS.complete()) {
        first.execute(script.text());
      }

      assertThat(first.snapshot().differencesFrom(fresh.only(MigrationTest::isNoHistory)))
          .isEmpty();
    }
  }

  private static String earlier(String file) {
    return TestDatabase.resource("older/before_transactions/" + file.substring("schema/".length()));
  }

  private static boolean isNoHistory(String kindAndName) {
    return !kindAndName.contains("schema_history");
  }

  private List<String> data() throws SQLException {
    return database.strings(TestDatabase.resource("older/data.sql"));
  }

  private void assertKept(List<String> data) throws SQLException {
    assertThat(data()).hasSize(19).isEqualTo(data);
    assertThat(
            database.strings("select id || ' ' || total_amount from agt_6f78_orders order by id"))
        .containsExactly("1 21.00", "2 59.97", "3 0.00");
    assertThat(
            database.strings("select id || ' ' || total_amount from agt_9b21_orders order by id"))
        .containsExactly("1 89.90");
  }
}
