package dev.dovetable.schema.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.dovetable.schema.database.SqlFiles;
import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.fixture.CatalogSnapshot;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.install.InstallReport.Note;
import dev.dovetable.schema.install.InstallReport.Outcome;
import dev.dovetable.schema.install.SchemaStatus.State;
import dev.dovetable.testkit.server.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Installations by roles that are no superusers, on a server of their own: roles are shared by all
 * of its databases.
 */
class InstallAsRoleTest {
  private static PostgresServer server;
  private static TestDatabase administration;
  private TestDatabase database;

  @BeforeAll
  static void start() {
    server = PostgresServer.builder().start();
    administration = new TestDatabase(server.createDatabase());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void createDatabase() {
    database = new TestDatabase(server.createDatabase());
  }

  @AfterEach
  void dropDatabaseAndRoles() throws SQLException {
    database.close();
    administration.execute("drop role if exists anon, authenticated, service_role");
  }

  @Test
  void ownerWhoMayCreateRoles() throws SQLException {
    DataSource owner = database.owner("owner", "createrole");

    InstallReport report = CrmSchema.create().install(owner);

    assertThat(report.outcome()).isEqualTo(Outcome.INSTALLED);
    assertThat(report.notes())
        .extracting(Note::statement)
        .containsExactly(
            Optional.of("alter role service_role bypassrls"),
            Optional.of(
                "grant set on parameter session_replication_role to owner_"
                    + database.embedded().name()));
    assertThat(CrmSchema.create().install(owner).outcome()).isEqualTo(Outcome.ALREADY_CURRENT);
    // The owner became a member of the roles that the library acts as.
    TestDatabase.execute(owner, "set role authenticated");
    TestDatabase.execute(owner, "set role service_role");
  }

  @Test
  void theStatementsOfTheReportTakeEffect() throws SQLException {
    DataSource owner = database.owner("owner", "createrole");
    for (Note note : CrmSchema.create().install(owner).notes()) {
      if (note.statement().isPresent()) {
        database.execute(note.statement().get());
      }
    }
    database.execute(
        "drop schema crm_private, auth cascade; drop schema public cascade; create schema public");
    database.execute("alter schema public owner to owner_" + database.embedded().name());

    List<Note> notes = CrmSchema.create().install(owner).notes();

    assertThat(notes)
        .extracting(Note::finding)
        .startsWith("These roles were there before: anon, authenticated, service_role.")
        .hasSize(1);
  }

  @Test
  void rolesThatExistAndMayNotBeGranted() throws SQLException {
    createRoles();
    DataSource owner = database.owner("owner", "nocreaterole");
    String login = "owner_" + database.embedded().name();

    InstallReport report = CrmSchema.create().install(owner);

    assertThat(report.notes())
        .extracting(Note::statement)
        .contains(
            Optional.of("grant authenticated to " + login),
            Optional.of("grant service_role to " + login));
    assertThatThrownBy(() -> TestDatabase.execute(owner, "set role authenticated"))
        .isInstanceOf(SQLException.class);

    // Said at each start, until somebody has done it.
    report = CrmSchema.create().install(owner);
    assertThat(report.outcome()).isEqualTo(Outcome.ALREADY_CURRENT);
    assertThat(report.notes()).hasSize(2);
    for (Note note : report.notes()) {
      database.execute(note.statement().orElseThrow());
    }
    TestDatabase.execute(owner, "set role authenticated");
    assertThat(CrmSchema.create().install(owner).notes()).isEmpty();
  }

  @Test
  void aLoginRoleOfItsOwn() throws SQLException {
    DataSource owner = database.owner("owner", "createrole");
    String login = database.embedded().createLogin("app");
    CrmSchema schema = CrmSchema.builder().loginRole(login).build();

    schema.install(owner);

    DataSource app = database.embedded().dataSource(login);
    TestDatabase.execute(app, "set role authenticated");
    TestDatabase.execute(app, "set role service_role");
    // A backend may check the version it finds, and change nothing.
    assertThat(schema.status(app).state()).isEqualTo(State.CURRENT);
    schema.validate(app);
    assertThat(schema.install(app).outcome()).isEqualTo(Outcome.ALREADY_CURRENT);
    assertThatThrownBy(() -> TestDatabase.execute(app, "delete from crm_private.schema_history"))
        .hasMessageContaining("permission denied");
  }

  @Test
  void aLoginRoleNamedLater() throws SQLException {
    DataSource owner = database.owner("owner", "createrole");
    CrmSchema.create().install(owner);
    String login = database.embedded().createLogin("app");

    InstallReport report = CrmSchema.builder().loginRole(login).build().install(owner);

    assertThat(report.outcome()).isEqualTo(Outcome.ALREADY_CURRENT);
    assertThat(report.notes()).isEmpty();
    TestDatabase.execute(database.embedded().dataSource(login), "set role service_role");
  }

  @Test
  void aLoginRoleThatDoesNotExist() {
    assertThatThrownBy(
            () -> CrmSchema.builder().loginRole("nobody").build().install(database.superuser()))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("login role nobody does not exist");
  }

  @Test
  void aRoleWithoutRightsGetsTheGrantsThatHelp() throws SQLException {
    String role = database.embedded().createLogin("guest");
    DataSource guest = database.embedded().dataSource(role);
    CatalogSnapshot before = database.snapshot();

    SchemaException refusal =
        catchThrowableOfType(SchemaException.class, () -> CrmSchema.create().install(guest));

    assertThat(refusal.reason()).isEqualTo(Reason.MISSING_RIGHTS);
    assertThat(refusal.problem()).contains(role, database.embedded().name());
    assertThat(refusal.remedy())
        .contains(
            "grant usage, create on schema public to " + role,
            "grant create on database " + database.embedded().name() + " to " + role,
            "create role anon nologin",
            "create role authenticated nologin",
            "create role service_role nologin");
    assertThat(database.snapshot().differencesFrom(before)).isEmpty();
    database.execute(refusal.remedy().substring(refusal.remedy().indexOf(": ") + 2));
    assertThat(CrmSchema.create().install(guest).outcome()).isEqualTo(Outcome.INSTALLED);
  }

  @Test
  void tablesOfAnotherOwner() throws SQLException {
    CrmSchema.create().install(database.superuser());
    database.execute("drop table crm_private.schema_history");
    DataSource owner = database.owner("owner", "createrole");

    assertThatThrownBy(() -> CrmSchema.create().install(owner))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("grant postgres to owner_");
  }

  @Test
  void strangersMayNotReadTheHistory() throws SQLException {
    CrmSchema.create().install(database.superuser());
    String role = database.embedded().createLogin("stranger");

    assertThatThrownBy(() -> CrmSchema.create().status(database.embedded().dataSource(role)))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining(role + " may not read the history crm_private.schema_history")
        .hasMessageContaining("member of service_role");
  }

  @Test
  void nobodyButTheOwnerWritesTheHistory() throws SQLException {
    CrmSchema.create().install(database.superuser());

    for (String role : List.of("anon", "authenticated", "service_role")) {
      assertThat(
              database.strings(
                  "select p from unnest(array['select', 'insert', 'update', 'delete', 'truncate']) as p"
                      + " where has_table_privilege('"
                      + role
                      + "', 'crm_private.schema_history', p)"))
          .isEqualTo(role.equals("service_role") ? List.of("select") : List.of());
    }
    assertThat(
            database.string("select relrowsecurity from pg_class where relname = 'schema_history'"))
        .isEqualTo("t");
    DataSource app =
        database.embedded().dataSource(database.embedded().createLogin("app", "service_role"));
    try (Connection connection = app.getConnection()) {
      assertThat(
              TestDatabase.strings(connection, "select count(*) from crm_private.schema_history"))
          .containsExactly(String.valueOf(SqlFiles.SCHEMA.size()));
    }
  }

  private void createRoles() throws SQLException {
    database.execute(
        "create role anon nologin; create role authenticated nologin; create role service_role nologin bypassrls");
  }
}
