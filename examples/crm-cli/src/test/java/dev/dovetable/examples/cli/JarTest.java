package dev.dovetable.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.dovetable.testkit.server.PostgresServer;
import dev.dovetable.testkit.server.PostgresServer.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.jar.JarFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as an operator runs it, on a server that wants the operator's password. */
@Tag("jar")
class JarTest {
  private static final String PASSWORD = "hunter2-sesame";

  private static PostgresServer server;
  private static OperatorDatabase database;
  @TempDir private static Path folder;

  @BeforeAll
  static void start() throws SQLException, IOException {
    server = PostgresServer.builder().source(Source.EMBEDDED).start();
    database = OperatorDatabase.on(server).install().agents(12);
    Files.writeString(
        folder.resolve("001_add_email.sql"), "alter table {customers} add column email text;");
    database.execute("alter role %s password '%s'".formatted(database.operator(), PASSWORD));
    Path rules = Path.of(database.string("show hba_file"));
    Files.writeString(
        rules,
        "host all %s all scram-sha-256\n".formatted(database.operator()) + Files.readString(rules));
    database.execute("select pg_reload_conf()");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void showsItsVersion() throws IOException {
    Result version = Child.run(Map.of(), "--version");

    assertThat(version.status()).isZero();
    assertThat(version.err()).isEmpty();
    assertThat(version.out()).startsWith("crm-cli 0.").contains("\nschema version 3\n");
  }

  @Test
  void holdsLicencesOfAllThatIsInIt() throws IOException {
    try (JarFile jar = new JarFile(System.getProperty("cli.jar"))) {
      String list = text(jar, "META-INF/THIRD-PARTY.txt");

      assertThat(list)
          .contains("info.picocli:picocli:", "me.tongfei:progressbar:", "org.jline:jline-terminal:")
          .contains("org.jooq:jooq:", "org.postgresql:postgresql:", "com.zaxxer:HikariCP:")
          .doesNotContain("junit", "testcontainers", "dev.dovetable");
      assertThat(text(jar, "META-INF/LICENSE")).contains("Apache License", "PostgreSQL Global");
      assertThat(text(jar, "META-INF/NOTICE")).contains("Jackson");
      assertThat(text(jar, "META-INF/services/java.sql.Driver")).contains("org.postgresql.Driver");
    }
  }

  @Test
  void takesTheEnvironmentVariablesOfPsql() throws IOException {
    Result size =
        Child.run(environment("PGPASSWORD", PASSWORD), "agents", "size", "--json", "--verbose");

    assertThat(size.status()).isZero();
    assertThat(size.json().get("agents")).hasSize(12);
    assertThat(size.out() + size.err()).doesNotContain(PASSWORD);
  }

  @Test
  void takesPasswordAndServiceFromTheirFiles() throws IOException {
    Path passwords =
        Files.writeString(
            folder.resolve("pgpass"), "*:*:*:%s:%s\n".formatted(database.operator(), PASSWORD));
    Files.setPosixFilePermissions(passwords, PosixFilePermissions.fromString("rw-------"));
    Path services =
        Files.writeString(
            folder.resolve("services"),
            "[fleet]\nhost=%s\nport=%d\ndbname=%s\nuser=%s\n"
                .formatted(server.host(), server.port(), database.name(), database.operator()));

    Result size =
        Child.run(
            Map.of(
                "PGPASSFILE",
                passwords.toString(),
                "PGSERVICEFILE",
                services.toString(),
                "PGSERVICE",
                "fleet",
                // The service decides.
                "PGHOST",
                "nowhere.invalid"),
            "agents",
            "size");

    assertThat(size.err()).isEmpty();
    assertThat(size.status()).isZero();
  }

  @Test
  void usesNoPasswordFileThatOthersCanRead() throws IOException {
    Path passwords =
        Files.writeString(
            folder.resolve("shared"), "*:*:*:%s:%s\n".formatted(database.operator(), PASSWORD));
    Files.setPosixFilePermissions(passwords, PosixFilePermissions.fromString("rw-r--r--"));

    Result size = Child.run(environment("PGPASSFILE", passwords.toString()), "agents", "size");

    assertThat(size.status()).isEqualTo(3);
    assertThat(size.err())
        .contains("Others have access to " + passwords, "chmod 600", "The server wants a password")
        .doesNotContain(PASSWORD);
  }

  @Test
  void saysWhyItCannotLogIn() throws IOException {
    Result wrong = Child.run(environment("PGPASSWORD", PASSWORD + "x"), "status", "--verbose");
    assertThat(wrong.status()).isEqualTo(3);
    assertThat(wrong.out()).isEmpty();
    assertThat(wrong.err()).contains("refuses the login").doesNotContain(PASSWORD);

    Result none = Child.run(environment("PGPASSFILE", "/nowhere"), "status", "--json");
    assertThat(none.status()).isEqualTo(3);
    assertThat(none.out()).isEmpty();
    assertThat(none.err()).hasLineCount(1).contains("PGPASSWORD");

    Result nobody =
        Child.run(
            environment("PGPASSWORD", PASSWORD), "status", "--url", "postgresql://localhost:1/db");
    assertThat(nobody.status()).isEqualTo(3);
    assertThat(nobody.err()).hasLineCount(1).contains("localhost:1 can't be reached");
  }

  @Test
  void asksForThePasswordWithoutShowingIt() throws IOException {
    assumeTrue(Child.hasScript(), "there is no util-linux script on this machine");
    try (Child child = Child.onTerminal(environment("PGPASSFILE", "/nowhere"), "agents", "size")) {
      child.awaitShown("Password for user " + database.operator());
      child.type(PASSWORD);

      Result result = child.result();
      assertThat(result.status()).isZero();
      assertThat(result.out()).contains("12 agents").doesNotContain(PASSWORD);
    }
  }

  @Test
  void aTerminalGetsABarAndColoursAndAPipeNeither() throws IOException, SQLException {
    assumeTrue(Child.hasScript(), "there is no util-linux script on this machine");
    Map<String, String> environment = environment("PGPASSWORD", PASSWORD);
    environment.put("LC_ALL", "C.UTF-8");
    environment.put("TERM", "xterm");
    environment.remove("NO_COLOR");
    String[] migrate = {"migrate", "--rate", "20", "--extension", "bar=" + folder};
    try (Child child = Child.onTerminal(environment, migrate)) {
      Result result = child.result();
      assertThat(result.status()).isZero();
      assertThat(result.out())
          .contains("Migrating 100% |█", "12/12", "/s")
          .contains("12 agents migrated");
    }
    try (Child child = Child.onTerminal(environment, "status")) {
      assertThat(child.result().out()).contains("\u001b[32mCURRENT");
    }
    environment.put("NO_COLOR", "1");
    try (Child child = Child.onTerminal(environment, "status")) {
      assertThat(child.result().out()).contains("CURRENT").doesNotContain("\u001b");
    }
    assertThat(Child.run(environment, "status").out()).contains("CURRENT").doesNotContain("\u001b");
  }

  @Test
  void signalsEndAMigrationAfterTheTransactionsInFlight() throws Exception {
    for (Map.Entry<String, Integer> signal : Map.of("INT", 130, "TERM", 143).entrySet()) {
      String extension = signal.getKey().toLowerCase(Locale.ROOT);
      Files.createDirectories(folder.resolve(extension));
      Files.writeString(
          folder.resolve(extension).resolve("001_add.sql"),
          "alter table {customers} add column %s_ text;".formatted(extension));
      try (Child child =
          Child.start(
              environment("PGPASSWORD", PASSWORD),
              "migrate",
              "--json",
              "--rate=2",
              "--extension=%s=%s".formatted(extension, folder.resolve(extension)))) {
        while (done(extension) < 2) {
          Thread.sleep(20);
        }
        new ProcessBuilder("kill", "-" + signal.getKey(), "" + child.pid()).start().waitFor();

        Result result = child.result();
        assertThat(result.status()).isEqualTo(signal.getValue());
        assertThat(result.err()).contains("Stopping after the transactions in flight");
        assertThat(result.json().get("migrated").asInt()).isEqualTo(done(extension)).isLessThan(12);
        assertThat(result.json().get("remaining").asInt()).isEqualTo(12 - done(extension));
      }
    }
  }

  @Test
  void aClosedPipeIsNoFault() throws Exception {
    ProcessBuilder pipe =
        new ProcessBuilder(
            "sh",
            "-c",
            "'%s/bin/java' -jar '%s' agents list | head -1"
                .formatted(System.getProperty("java.home"), System.getProperty("cli.jar")));
    pipe.environment().putAll(environment("PGPASSWORD", PASSWORD));
    Process process = pipe.redirectErrorStream(true).start();

    String shown = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).isZero();
    assertThat(shown).startsWith("Agent ").hasLineCount(1);
  }

  private static int done(String extension) throws SQLException {
    return Integer.parseInt(
        database.string(
            "select count(*) from crm_private.agent_versions where extension = '%s'"
                .formatted(extension)));
  }

  private static Map<String, String> environment(String name, String value) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PGHOST", server.host());
    environment.put("PGPORT", Integer.toString(server.port()));
    environment.put("PGDATABASE", database.name());
    environment.put("PGUSER", database.operator());
    environment.put(name, value);
    return environment;
  }

  private static String text(JarFile jar, String entry) throws IOException {
    return new String(jar.getInputStream(jar.getEntry(entry)).readAllBytes());
  }
}
