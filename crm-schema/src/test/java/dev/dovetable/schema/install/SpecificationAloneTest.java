package dev.dovetable.schema.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.fixture.CatalogSnapshot;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.install.InstallReport.Outcome;
import dev.dovetable.schema.install.SchemaStatus.State;
import dev.dovetable.schema.internal.files.Script;
import dev.dovetable.schema.internal.files.Scripts;
import dev.dovetable.schema.migration.AgentMigrations;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** By psql, the five files of the specification are enough; those beside them may come later. */
class SpecificationAloneTest {
  private static final CrmSchema SCHEMA = CrmSchema.create();
  private static final List<String> BESIDE =
      List.of(
          "schema/extensions.sql",
          "schema/identities.sql",
          "schema/webhooks.sql",
          "schema/changes.sql",
          "schema/directory.sql");

  private TestDatabase database;

  @BeforeEach
  void runTheFive() throws SQLException {
    database = TestDatabase.create();
    for (Script script : Scripts.current().complete()) {
      if (!BESIDE.contains(script.path())) {
        database.execute(script.text());
      }
    }
    database.execute(TestDatabase.resource("older/current.sql"));
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  @Test
  void agentsAreMadeAndDeleted() throws SQLException {
    assertThat(database.strings("select agent_prefix from agents order by 1"))
        .containsExactly("agt_6f78", "agt_9b21");
    database.execute("select create_agent_tables(agent_prefix, id) from agents");
    assertThat(database.string("select success from delete_agent(1)")).isEqualTo("t");
    database.execute("delete from agents where id = 2");
    assertThat(
            database.strings(
                "select relname from pg_class where relname ~ '^agt_' and relkind in ('r', 'S')"))
        .isEmpty();
  }

  @Test
  void statusNamesTheFilesThatWereNotRun() {
    SchemaStatus status = SCHEMA.status(database.superuser());

    assertThat(status.state()).isEqualTo(State.CURRENT);
    assertThat(status.details())
        .contains("schema/extensions.sql was not run", "schema/webhooks.sql was not run");
  }

  @Test
  void whatNeedsAnotherFileNamesIt() {
    assertThatThrownBy(() -> AgentMigrations.of().run(database.superuser()))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("schema/extensions.sql")
        .extracting("reason")
        .isEqualTo(Reason.NOT_CURRENT);
    assertThatThrownBy(() -> CrmDoctor.create().examine(database.superuser()))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("schema/extensions.sql was not run")
        .extracting("reason")
        .isEqualTo(Reason.NOT_CURRENT);
  }

  @Test
  void aHostsTableOfThatNameIsNotTakenForTheLedger() throws SQLException {
    database.execute("create table agent_versions (id int)");

    assertThat(database.string("select success from delete_agent(1)")).isEqualTo("t");
    assertThat(database.strings("select id from agent_versions")).isEmpty();
  }

  @Test
  void theOtherFilesAndTheInstallerMakeTheSame() throws SQLException {
    try (TestDatabase installed = TestDatabase.create()) {
      SCHEMA.install(installed.superuser());
      installed.execute(TestDatabase.resource("older/current.sql"));
      CatalogSnapshot complete = installed.snapshot();
      for (Script script : Scripts.current().complete()) {
        if (BESIDE.contains(script.path())) {
          database.execute(script.text());
        }
      }
      assertThat(
              database
                  .snapshot()
                  .differencesFrom(complete.only(name -> !name.contains("schema_history"))))
          .isEmpty();
      assertThat(AgentMigrations.of().isUpToDate(database.superuser())).isTrue();

      assertThat(SCHEMA.install(database.superuser()).outcome()).isEqualTo(Outcome.ADOPTED);
      assertThat(database.snapshot().differencesFrom(complete)).isEmpty();
    }
  }

  @Test
  void theInstallerAddsThem() throws SQLException {
    assertThat(SCHEMA.install(database.superuser()).outcome()).isEqualTo(Outcome.ADOPTED);

    assertThat(SCHEMA.status(database.superuser()).details()).isEmpty();
    assertThat(AgentMigrations.of().isUpToDate(database.superuser())).isTrue();
  }
}
