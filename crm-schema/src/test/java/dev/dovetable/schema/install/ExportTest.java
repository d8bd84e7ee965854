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
import dev.dovetable.schema.internal.files.Scripts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exported files make what the installer makes. */
class ExportTest {
  @TempDir private Path folder;

  @Test
  void psqlFilesAreTheLibrarysOwn() throws IOException {
    List<Path> written = CrmSchema.create().exportTo(folder);

    assertThat(written.stream().map(folder::relativize).map(ExportTest::unixPath))
        .containsExactlyInAnyOrder(
            "install.sql",
            "upgrade.sql",
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
            "schema/directory.sql",
            "migrations/001_create_whatsapp_configuration.sql",
            "migrations/002_add_verify_token.sql",
            "migrations/003_add_total_amount_to_orders.sql");
    for (Script script : Scripts.current().byPath().values()) {
      assertThat(folder.resolve(script.path())).hasContent(script.text());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"public", "crm", "Zweite \"Firma\""})
  void installSqlInstalls(String schema) throws Exception {
    CrmSchema crm = CrmSchema.builder().schema(schema).build();
    crm.exportTo(folder);
    try (TestDatabase database = TestDatabase.create();
        TestDatabase installed = TestDatabase.create()) {
      database.execute(read(folder.resolve("install.sql")));
      assertThat(crm.status(database.superuser()).state()).isEqualTo(State.CURRENT);

      assertThat(crm.install(database.superuser()).outcome()).isEqualTo(Outcome.ADOPTED);
      crm.install(installed.superuser());
      assertThat(database.snapshot().differencesFrom(installed.snapshot())).isEmpty();
    }
  }

  @Test
  void upgradeSqlUpgrades() throws Exception {
    CrmSchema.create().exportTo(folder);
    try (TestDatabase database = TestDatabase.create()) {
      database.execute(Scripts.current().supabaseCompat().text());
      database.execute(TestDatabase.resource("older/before_001.sql"));

      database.execute(read(folder.resolve("upgrade.sql")));

      assertThat(CrmSchema.create().status(database.superuser()).state()).isEqualTo(State.CURRENT);
      assertThat(database.strings("select total_amount from agt_9b21_orders"))
          .containsExactly("89.90");
    }
  }

  @Test
  void exportsLeaveOutTheTwoLinesThatMakeAFileATransaction() {
    CrmSchema crm = CrmSchema.builder().schema("crm").build();
    crm.exportTo(folder);
    List<Path> forSupabase = crm.exportForSupabase(folder);

    assertThat(read(folder.resolve("install.sql")))
        .contains(
            Scripts.current().complete().stream()
                .map(Script::text)
                .map(text -> text.substring("begin;\n".length(), text.lastIndexOf("commit;\n")))
                .toList());
    for (Path file :
        Stream.concat(
                forSupabase.stream(),
                Stream.of(folder.resolve("install.sql"), folder.resolve("upgrade.sql")))
            .toList()) {
      assertThat(read(file)).startsWith("begin;\n").endsWith("\ncommit;\n");
      assertThat(read(file).lines().filter(line -> line.matches("begin;|commit;"))).hasSize(2);
    }
  }

  @Test
  void anErrorInTheLastFileLeavesNothing() throws SQLException {
    CrmSchema.create().exportTo(folder);
    try (TestDatabase database = TestDatabase.create()) {
      database.execute(
          "create schema crm_private create table t (id int);"
              + " create procedure crm_private.forget_message() language sql as 'select 1'");
      CatalogSnapshot before = database.snapshot();

      assertThatThrownBy(() -> database.execute(read(folder.resolve("install.sql"))))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("forget_message");

      assertThat(database.snapshot().differencesFrom(before)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"public", "crm"})
  void supabaseMigrationsInstall(String schema) throws Exception {
    CrmSchema crm = CrmSchema.builder().schema(schema).build();
    List<Path> written = crm.exportForSupabase(folder, Instant.parse("2026-02-28T23:59:57.9Z"));

    assertThat(written.stream().map(folder::relativize).map(ExportTest::unixPath))
        .containsExactly(
            "supabase/migrations/20260228235957_enums.sql",
            "supabase/migrations/20260228235958_base_tables.sql",
            "supabase/migrations/20260228235959_dynamic_table_creation.sql",
            "supabase/migrations/20260301000000_agent_management_functions.sql",
            "supabase/migrations/20260301000001_indexes.sql",
            "supabase/migrations/20260301000002_extensions.sql",
            "supabase/migrations/20260301000003_identities.sql",
            "supabase/migrations/20260301000004_webhooks.sql",
            "supabase/migrations/20260301000005_changes.sql",
            "supabase/migrations/20260301000006_directory.sql",
            "supabase/migrations/20260301000007_001_create_whatsapp_configuration.sql",
            "supabase/migrations/20260301000008_002_add_verify_token.sql",
            "supabase/migrations/20260301000009_003_add_total_amount_to_orders.sql");
    try (TestDatabase database = TestDatabase.create();
        TestDatabase installed = TestDatabase.create()) {
      database.execute(Scripts.current().supabaseCompat().text());
      for (Path file : written) {
        database.execute(read(file));
      }
      crm.install(installed.superuser());
      assertThat(crm.install(database.superuser()).outcome()).isEqualTo(Outcome.ADOPTED);
      assertThat(database.snapshot().differencesFrom(installed.snapshot())).isEmpty();
    }
  }

  @Test
  void supabaseMigrationsAreNumberedAsOfNowByDefault() {
    assertThat(CrmSchema.create().exportForSupabase(folder))
        .hasSize(13)
        .isSorted()
        .allSatisfy(
            file -> assertThat(file.getFileName().toString()).matches("20\\d{12}_\\w+\\.sql"));
  }

  @Test
  void aFolderThatCannotBeWritten() throws IOException {
    Path file = Files.writeString(folder.resolve("taken"), "");

    assertThatThrownBy(() -> CrmSchema.create().exportTo(file))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("taken")
        .extracting("reason")
        .isEqualTo(Reason.EXPORT_FAILED);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String unixPath(Path path) {
    return path.toString().replace('\\', '/');
  }
}
