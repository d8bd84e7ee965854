package dev.dovetable.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.changes.ChangeFeed;
import dev.dovetable.core.inbox.Inbox;
import dev.dovetable.core.messages.MessageSearch;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.schema.migration.AgentMigrations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each command does and says, in a pipe, to an operator who is no superuser. */
class CommandsTest {
  @TempDir private Path folder;

  @Test
  void statusAndInstall() throws SQLException {
    try (OperatorDatabase database = OperatorDatabase.empty()) {
      Result before = Result.of("status", "--url", database.url());
      assertThat(before.status()).isEqualTo(1);
      assertThat(before.out()).contains("Schema public: EMPTY", "crm-cli install");

      Result installed = Result.of("install", "--url", database.url(), "--json");
      assertThat(installed.status()).isZero();
      assertThat(installed.err()).isEmpty();
      assertThat(installed.json().get("outcome").asString()).isEqualTo("INSTALLED");
      assertThat(installed.json().get("files")).hasSize(11);

      Result again = Result.of("install", "--url", database.url());
      assertThat(again.status()).isZero();
      assertThat(again.out()).startsWith("Schema public: version 3 is current");

      Result after = Result.of("status", "--url", database.url(), "--json");
      assertThat(after.status()).isZero();
      assertThat(after.json().get("state").asString()).isEqualTo("CURRENT");
      assertThat(after.json().get("agents").asInt()).isZero();
    }
  }

  @Test
  void aSchemaOfItsOwn() throws SQLException {
    try (OperatorDatabase database = OperatorDatabase.empty()) {
      database.execute("create table users (id int); create table agents (id int)");

      Result refused = Result.of("install", "--url", database.url());
      assertThat(refused.status()).isEqualTo(4);
      assertThat(refused.err()).hasLineCount(1).contains("--schema crm");

      assertThat(Result.of("install", "--url", database.url(), "--schema", "crm").status())
          .isZero();
      database.execute("grant authenticated, service_role to " + database.operator());
      assertThat(Result.of("status", "--url", database.url(), "--schema", "crm").out())
          .contains("Schema crm: CURRENT", "0 agents");
      assertThat(Result.of("agents", "size", "--url", database.url(), "--schema", "crm").out())
          .contains("0 agents");
      Result usage = Result.of("status", "--url", database.url(), "--schema", "s".repeat(60));
      assertThat(usage.status()).isEqualTo(2);
    }
  }

  @Test
  void migrations() throws SQLException, IOException {
    try (OperatorDatabase database = OperatorDatabase.installed().agents(5)) {
      String url = database.url();
      Files.writeString(
          folder.resolve("001_add_email.sql"), "alter table {customers} add column email text;");
      database.execute("alter table agt_3_customers add column email integer");
      String extension = "visits=" + folder;

      Result dry = Result.of("migrate", "--dry-run", "--extension", extension, "--url", url);
      assertThat(dry.status()).isZero();
      assertThat(dry.out())
          .contains("-- 5 agents not up to date", "agt_1 agt_2 agt_3", "add column email text");
      assertThat(Result.of("status", "--url", url).status()).isZero();

      Result run = Result.of("migrate", "--extension", extension, "--url", url);
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.out()).contains("Registered visits 1", "4 agents migrated", "1 failed");
      assertThat(run.err())
          .contains("agt_3: SQLSTATE 42701", "Migrating: 5 of 5 agents, 1 failed")
          .doesNotContain("\r");
      Result status = Result.of("status", "--url", url, "--json");
      assertThat(status.status()).isEqualTo(1);
      assertThat(status.json().get("outdatedAgents").asInt()).isEqualTo(1);
      assertThat(status.json().get("failedAgents").asInt()).isEqualTo(1);

      database.execute("alter table agt_3_customers drop column email");
      // What the database knows needs no folder.
      Result rest = Result.of("migrate", "--url", url, "--json", "--connections", "1");
      assertThat(rest.status()).isZero();
      assertThat(rest.json().get("migrated").asInt()).isEqualTo(1);
      assertThat(rest.json().get("agents").get(0).get("prefix").asString()).isEqualTo("agt_3");
      assertThat(Result.of("migrate", "--url", url).out())
          .isEqualTo("All agents are up to date.\n");
    }
  }

  @Test
  void migrationsThatTakeTooLong() throws SQLException, IOException {
    try (OperatorDatabase database = OperatorDatabase.installed().agents(1)) {
      Files.writeString(
          folder.resolve("001_endless.sql"),
          "select count(*) from {customers} c, generate_series(1, 10000000000 + c.id) as n;");
      database.execute("insert into agt_1_customers (agent_id, name, phone) values (1, 'A', '1')");
      Result result =
          Result.of(
              "migrate",
              "--extension",
              "endless=" + folder,
              "--statement-timeout",
              "50ms",
              "--url",
              database.url());
      assertThat(result.status()).isEqualTo(1);
      assertThat(result.err()).contains("agt_1", "57014");
    }
  }

  @Test
  void migrationsThatAreRefused() throws SQLException, IOException {
    try (OperatorDatabase database = OperatorDatabase.installed()) {
      Files.writeString(folder.resolve("001_bad.sql"), "\nalter table customers add column c int;");
      Result rule =
          Result.of("migrate", "--extension", "visits=" + folder, "--url", database.url());
      assertThat(rule.status()).isEqualTo(4);
      assertThat(rule.err()).hasLineCount(1).contains("001_bad.sql");
      Result bounds = Result.of("migrate", "--connections", "99", "--url", database.url());
      assertThat(bounds.status()).isEqualTo(2);
      assertThat(bounds.err()).contains("from 1 to 64");
      Result time = Result.of("migrate", "--lock-timeout", "200", "--url", database.url());
      assertThat(time.status()).isEqualTo(2);
      assertThat(time.err()).contains("200ms");
    }
  }

  @Test
  void exports() throws IOException {
    Result psql = Result.of("export", folder.resolve("sql").toString());
    assertThat(psql.status()).isZero();
    assertThat(psql.out()).contains("install.sql", "upgrade.sql");
    assertThat(psql.out().lines().map(Path::of)).allMatch(Files::isRegularFile);

    Result supabase =
        Result.of("export", folder.toString(), "--for", "supabase", "--schema", "crm", "--json");
    assertThat(supabase.json().get("files").get(0).asString())
        .startsWith(folder.resolve("supabase").resolve("migrations").toString());

    Path file = Files.writeString(folder.resolve("file"), "");
    Result failed = Result.of("export", file.resolve("below").toString());
    assertThat(failed.status()).isEqualTo(5);
    assertThat(failed.err()).hasLineCount(1);
  }

  @Test
  void exportsAnExtension() throws SQLException, IOException {
    Files.writeString(
        folder.resolve("001_add_email.sql"), "alter table {customers} add column email text;");
    Result written;
    try (OperatorDatabase origin = OperatorDatabase.installed().agents(1)) {
      Result.of("migrate", "--extension", "mails=" + folder, "--url", origin.url());
      String[] export = {
        "export", folder.toString(), "--extension", "mails", "--url", origin.url()
      };
      written = Result.of(export);
      assertThat(written.status()).isZero();
      assertThat(Result.of("export", "x", "--extension", "absent", "--url", origin.url()).err())
          .hasLineCount(1)
          .contains("absent");
    }
    try (OperatorDatabase target = OperatorDatabase.installed().agents(1)) {
      target.execute(Files.readString(Path.of(written.out().strip())));
      target.execute("update agt_1_customers set email = null");
      assertThat(Result.of("migrate", "--url", target.url()).out())
          .isEqualTo("All agents are up to date.\n");
    }
  }

  @Test
  void exportsTheLibrarysExtensionsWithoutADatabase() throws SQLException, IOException {
    try (OperatorDatabase database = OperatorDatabase.installed().agents(1)) {
      for (String name : List.of("whatsapp_webhooks", "inbox", "search", "change_feed")) {
        Result written = Result.of("export", folder.toString(), "--extension", name);
        assertThat(written.status()).as(written.err()).isZero();
        try (Connection operator = database.asOperator().getConnection();
            Statement statement = operator.createStatement()) {
          statement.execute(Files.readString(Path.of(written.out().strip())));
        }
      }
      assertThat(Result.of("doctor", "--url", database.url()).status()).isZero();
      assertThat(
              AgentMigrations.of(
                      Webhooks.extension(),
                      Inbox.extension(),
                      MessageSearch.extension(),
                      ChangeFeed.extension())
                  .isUpToDate(database.asOperator()))
          .isTrue();
    }
  }

  @Test
  void whatIsNotInstalledSaysSo() throws SQLException {
    try (OperatorDatabase database = OperatorDatabase.empty()) {
      for (String command : new String[] {"migrate", "agents size", "agents list"}) {
        String[] arguments = (command + " --url " + database.url()).split(" ");
        Result result = Result.of(arguments);
        assertThat(result.status()).as(command).isEqualTo(4);
        assertThat(result.err()).hasLineCount(1);
        assertThat(result.out()).isEmpty();
      }
    }
  }
}
