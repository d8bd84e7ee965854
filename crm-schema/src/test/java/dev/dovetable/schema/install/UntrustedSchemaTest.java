package dev.dovetable.schema.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.doctor.Finding;
import dev.dovetable.schema.doctor.Finding.Code;
import dev.dovetable.schema.doctor.Finding.Severity;
import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.install.InstallReport.Note;
import dev.dovetable.schema.internal.files.Script;
import dev.dovetable.schema.internal.files.Scripts;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schemas that others than the owner of the installation have a hand in, or that have moved. */
class UntrustedSchemaTest {
  private TestDatabase database;
  private DataSource owner;
  private String ownerRole;
  private String stranger;

  @BeforeEach
  void createDatabase() throws SQLException {
    database = TestDatabase.create();
    owner = database.owner("owner", "createrole");
    ownerRole = "owner_" + database.embedded().name();
    stranger = database.embedded().createLogin("dev");
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"crm_private", "auth"})
  void oneThatAStrangerMadeBeforeIsRefused(String schema) throws SQLException {
    database.execute("create schema " + schema + " authorization " + stranger);

    for (DataSource installing : new DataSource[] {owner, database.superuser()}) {
      assertThatThrownBy(() -> CrmSchema.create().install(installing))
          .isInstanceOf(SchemaException.class)
          .hasMessageContaining("schema " + schema + " belongs to role " + stranger)
          .hasMessageContaining("alter schema " + schema + " owner to ");
      assertThatThrownBy(() -> runFiles(installing))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("schema " + schema + " belongs to " + stranger);
    }
    assertThat(database.string("select to_regclass('public.agents')::text")).isNull();

    // Of a role that the installing one is a member of, or of a superuser.
    database.execute("grant " + stranger + " to " + ownerRole);
    database.execute("grant all on schema " + schema + " to " + ownerRole);
    assertThat(CrmSchema.create().install(owner).outcome())
        .isEqualTo(InstallReport.Outcome.INSTALLED);
  }

  private static void runFiles(DataSource dataSource) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("set local search_path = public");
      for (Script script : Scripts.current().complete()) {
        statement.execute(script.statements());
      }
    }
  }

  @Test
  void whoMayCreateObjectsThereIsNamed() throws SQLException {
    assertThat(CrmSchema.create().install(owner).notes())
        .extracting(Note::statement)
        .noneMatch(statement -> statement.orElse("").startsWith("revoke"));
    database.execute("grant create, usage on schema public, crm_private to " + stranger);
    try (Connection connection = database.embedded().dataSource(stranger).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          create function public.eq(varchar, varchar) returns boolean language sql as 'select true';
          create operator public.= (leftarg = varchar, rightarg = varchar, function = public.eq);
          create function public.left(varchar, integer) returns text language sql as 'select null::text';
          create function public.is_trusted(text) returns boolean language sql as 'select true';
          create type public.mine as (x integer);
          create function public.cast_it(public.mine) returns text language sql as 'select null::text';
          create cast (public.mine as text) with function public.cast_it(public.mine) as implicit;
          """);
    }

    var found = CrmDoctor.create().examine(owner).findings();
    assertThat(found)
        .filteredOn(finding -> finding.code() == Code.PRIVILEGE)
        .filteredOn(finding -> finding.problem().contains("may create objects in schema"))
        .extracting(Finding::severity, Finding::object)
        .containsExactlyInAnyOrder(
            tuple(Severity.ERROR, "public"), tuple(Severity.ERROR, "crm_private"));
    assertThat(found)
        .filteredOn(finding -> finding.code() == Code.EXTRA_OBJECT)
        .filteredOn(finding -> finding.severity() == Severity.ERROR)
        .extracting(Finding::remedy)
        .allMatch(remedy -> remedy.startsWith("Look what it does, then have it dropped: drop "))
        .hasSize(4);

    database.execute("delete from crm_private.schema_history where script like '%indexes%'");
    assertThat(CrmSchema.create().install(owner).notes())
        .extracting(Note::statement)
        .contains(
            Optional.of("revoke create on schema public from " + stranger),
            Optional.of("revoke create on schema crm_private from " + stranger),
            Optional.of("drop operator public.= (character varying, character varying)"),
            Optional.of("drop routine public.is_trusted(text)"),
            Optional.of("drop cast (public.mine as text)"));
  }

  @Test
  void aRenamedSchemaIsToldWithTheWayBack() throws SQLException {
    CrmSchema shop = CrmSchema.builder().schema("shop").build();
    CrmSchema store = CrmSchema.builder().schema("store").build();
    shop.install(owner);
    for (String[] renaming :
        new String[][] {
          {"alter schema shop rename to store", "alter schema store rename to shop"},
          {
            "alter schema shop rename to store; alter schema shop_private rename to store_private",
            "alter schema store rename to shop; alter schema store_private rename to shop_private"
          },
          {
            "alter schema shop_private rename to store_private",
            "alter schema store_private rename to shop_private"
          }
        }) {
      database.execute(renaming[0]);
      for (CrmSchema schema : new CrmSchema[] {shop, store}) {
        assertThat(schema.status(owner).state()).isEqualTo(SchemaStatus.State.FOREIGN);
        assertThatThrownBy(() -> schema.install(owner))
            .isInstanceOf(SchemaException.class)
            .hasMessageContaining("Rename it back: " + renaming[1] + ";");
      }
      database.execute(renaming[1]);
      assertThat(shop.status(owner).details()).isEmpty();
    }
  }
}
