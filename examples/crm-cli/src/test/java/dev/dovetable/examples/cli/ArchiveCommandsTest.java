package dev.dovetable.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the commands about archives do and say, in a pipe, to an operator who is no superuser. */
class ArchiveCommandsTest {
  @TempDir private Path folder;

  private OperatorDatabase database;
  private String url;

  @BeforeEach
  void open() throws SQLException {
    database = OperatorDatabase.installed().agents(1);
    url = database.url();
    database.execute(
        """
        insert into agt_1_customers (agent_id, name, phone)
        select id, 'C', g::text from agents, generate_series(1, 50) g;
        insert into agt_1_messages (customer_id, message, direction)
        select id, 'hello', 'inbound' from agt_1_customers;
        insert into users (name, email, role)
        select i, i || '@crm.example', 'agent' from unnest(array['x', 'y', 'z']) i
        """);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private String file() {
    return folder.resolve("agt_1.zip").toString();
  }

  @Test
  void anAgentGoesIntoAFileAndComesBackAsAnother() throws SQLException, IOException {
    Result written = Result.of("agents", "export", "agt_1", "--output", file(), "--url", url);
    assertThat(written.status()).isZero();
    assertThat(written.out()).startsWith("Agent agt_1: 100 rows in ");
    assertThat(written.err()).startsWith("Exporting: ").doesNotContain("\r");
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(1);
    }

    Result checked = Result.of("agents", "check", file());
    assertThat(checked.status()).isZero();
    assertThat(checked.out())
        .contains(
            "Agent agt_1, id 1", "Without secrets, with messages, not signed", "Versions: crm 1")
        .containsPattern("customers +50 ");

    Result made =
        Result.of(
            "agents", "import", file(), "--as", "shop", "--user", "x@crm.example", "--url", url);
    assertThat(made.status()).isZero();
    assertThat(made.out()).containsPattern("Agent shop made, id \\d+: 100 rows in ");
    assertThat(database.string("select count(*) from shop_messages")).isEqualTo("50");

    JsonNode clone =
        Result.of(
                "agents",
                "clone",
                "agt_1",
                "--as",
                "twin",
                "--user",
                "y@crm.example",
                "--creator",
                "admin@crm.example",
                "--without-messages",
                "--json",
                "--url",
                url)
            .json();
    assertThat(clone.get("rows").asInt()).isEqualTo(50);
    assertThat(database.string("select count(*) from twin_messages")).isEqualTo("0");
  }

  @Test
  void whatIsRefusedSaysWhyInOneLine() throws IOException {
    Result.of("agents", "export", "agt_1", "--output", file(), "--url", url);
    Result taken =
        Result.of(
            "agents", "import", file(), "--as", "agt_1", "--user", "1@crm.example", "--url", url);
    assertThat(taken.status()).isEqualTo(4);
    assertThat(taken.err().lines().toList())
        .last()
        .asString()
        .contains("agt_1 is taken", "already has agent agt_1");

    Result nobody =
        Result.of(
            "agents",
            "import",
            file(),
            "--as",
            "shop",
            "--user",
            "absent@crm.example",
            "--url",
            url);
    assertThat(nobody.status()).isEqualTo(4);
    assertThat(nobody.err()).hasLineCount(1).doesNotContain("absent");

    Result unknown = Result.of("agents", "export", "agt_7", "--output", file(), "--url", url);
    assertThat(unknown.status()).isEqualTo(4);
    assertThat(unknown.err()).contains("There is no agent agt_7");
    // The former file is still there.
    assertThat(Result.of("agents", "check", file()).status()).isZero();

    Path other = Files.writeString(folder.resolve("other.zip"), "no archive");
    Result damaged = Result.of("agents", "check", other.toString());
    assertThat(damaged.status()).isEqualTo(4);
    assertThat(damaged.err()).hasLineCount(1);
    assertThat(Result.of("agents", "check", folder.resolve("absent.zip").toString()).status())
        .isEqualTo(4);
    assertThat(Result.of("agents", "check", file(), "--key").status()).isEqualTo(2);
  }

  /** The session on the page about archives. */
  @Test
  void thePageShowsWhatTheyPrint() throws SQLException, IOException {
    String create =
        "agents create agt_6f78 --user b@x --user-name B --creator a@x --creator-name A";
    Result.of((create + " --url " + url).split(" "));
    database.execute(
        """
        insert into agt_6f78_customers (agent_id, name, phone)
        select id, 'C', g::text from agents, generate_series(1, 2) g where agent_prefix = 'agt_6f78';
        insert into agt_6f78_messages (customer_id, message, direction) values (1, 'hello', 'inbound');
        insert into users (name, email, role)
        select i, i || '@crm.example', 'agent' from unnest(array['dan', 'eve']) i
        """);
    String page = Files.readString(Path.of("..", "..", "docs", "archives.md"));
    int commands = 0;
    for (String part : page.split("```")[1].split("(?m)^(?=\\$ crm-cli )")) {
      if (part.startsWith("$ ")) {
        List<String> lines = part.lines().toList();
        String command = lines.get(0).substring("$ crm-cli ".length());
        boolean isWithoutDatabase = command.startsWith("agents check");
        Result result =
            Result.of(
                (command.replace("agt_6f78.zip", folder.resolve("page.zip").toString())
                        + (isWithoutDatabase ? "" : " --url " + url))
                    .split(" "));
        assertThat(result.status()).as(command + result.err()).isZero();
        assertThat(result.out().lines().map(ArchiveCommandsTest::withoutWhatVaries))
            .containsSubsequence(
                lines.stream()
                    .skip(1)
                    .filter(line -> !line.equals("…"))
                    .map(ArchiveCommandsTest::withoutWhatVaries)
                    .toList());
        commands++;
      }
    }
    assertThat(commands).isEqualTo(4);
  }

  private static String withoutWhatVaries(String line) {
    return line.replaceAll("[\\d.]+ (ms|s)\\b", "…")
        .replaceAll("id \\d+", "id")
        .replaceAll("PostgreSQL [\\d.]+", "PostgreSQL")
        .replaceAll("at \\S+Z", "at");
  }
}
