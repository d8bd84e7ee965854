package dev.dovetable.schema.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.fixture.CatalogSnapshot;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.install.InstallReport.Outcome;
import dev.dovetable.schema.install.SchemaStatus.State;
import dev.dovetable.schema.internal.files.Script;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Databases that must not be touched: each refusal says why, names the way out, and changes
 * nothing.
 */
class CrmSchemaRefusalTest {
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
  void refusesANewerDatabase() throws SQLException {
    schema.install(database.superuser());
    database.execute(
        "update crm_private.schema_history set version = 4 where script = 'schema/enums.sql'");

    assertThat(schema.status(database.superuser()).state()).isEqualTo(State.NEWER);
    assertRefused(Reason.NEWER_VERSION, "version 4 is installed, this library knows 3", "release");
  }

  @Test
  void refusesEditedFilesAndNamesThem() throws SQLException {
    schema.install(database.superuser());
    String checksum = Script.load("schema/enums.sql").checksum();
    String other = Script.of("schema/enums.sql", "select 1;").checksum();
    database.execute(
        "update crm_private.schema_history set checksum = '"
            + other
            + "' where checksum = '"
            + checksum
            + "'");

    assertThat(schema.status(database.superuser()).state()).isEqualTo(State.MODIFIED);
    assertRefused(
        Reason.EDITED_SCRIPT,
        "schema/enums.sql is not the file",
        "delete from crm_private.schema_history where script in ('schema/enums.sql')");

    database.execute("delete from crm_private.schema_history where script in ('schema/enums.sql')");
    assertThat(schema.install(database.superuser()).outcome()).isEqualTo(Outcome.REPAIRED);
    assertThat(schema.status(database.superuser()).state()).isEqualTo(State.CURRENT);
  }

  @Test
  void refusesAnEditedMigrationOfAnyVersion() throws SQLException {
    schema.install(database.superuser());
    database.execute(
        "insert into crm_private.schema_history (version, script, description, checksum, duration_ms)"
            + " values (2, 'migrations/002_add_verify_token.sql', 'add verify token', repeat('0', 64), 1)");

    assertRefused(
        Reason.EDITED_SCRIPT, "migrations/002_add_verify_token.sql is not the file", "release");
  }

  @Test
  void refusesForeignTablesAndNamesTheWayOut() throws SQLException {
    database.execute("create table users (id bigint primary key, email text)");
    CatalogSnapshot before = database.snapshot();

    SchemaStatus found = schema.status(database.superuser());
    assertThat(found.state()).isEqualTo(State.FOREIGN);
    assertThat(found.details())
        .containsExactly(
            "users.id is bigint, not uuid",
            "users has no column name",
            "users.email is text, not character varying",
            "users has no column role",
            "users has no column created_at");
    assertRefused(
        Reason.FOREIGN_TABLES,
        "users.id is bigint, not uuid",
        "CrmSchema.builder().schema(\"crm\")");
    assertThat(database.snapshot().differencesFrom(before)).isEmpty();
  }

  @Test
  void refusesAForeignViewAndAForeignType() throws SQLException {
    database.execute("create view agents as select 1 as id");
    database.execute("create type role as enum ('owner', 'guest')");

    assertThat(schema.status(database.superuser()).details())
        .containsExactly("type role is not the enum of admin and agent", "agents is not a table");
    assertRefused(Reason.FOREIGN_TABLES, "agents is not a table", "schema");
  }

  @Test
  void aSchemaNamedCrmAndPublicWouldShareTheirPrivateSchema() throws SQLException {
    CrmSchema crm = CrmSchema.builder().schema("crm").build();
    schema.install(database.superuser());

    assertThat(crm.status(database.superuser()).state()).isEqualTo(State.FOREIGN);
    assertThatThrownBy(() -> crm.install(database.superuser()))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("schema crm_private serves the installation in another schema")
        .hasMessageContaining("a schema of another name")
        .extracting("reason")
        .isEqualTo(Reason.FOREIGN_TABLES);
    assertThat(schema.status(database.superuser()).state()).isEqualTo(State.CURRENT);
  }

  private void assertRefused(Reason reason, String problem, String remedy) throws SQLException {
    CatalogSnapshot before = database.snapshot();
    assertThatThrownBy(() -> schema.install(database.superuser()))
        .isInstanceOfSatisfying(
            SchemaException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(reason);
              assertThat(e.problem()).contains(problem);
              assertThat(e.remedy()).contains(remedy);
              assertThat(e).hasMessage(e.problem() + " " + e.remedy());
            });
    assertThat(database.snapshot().differencesFrom(before)).isEmpty();
  }
}
