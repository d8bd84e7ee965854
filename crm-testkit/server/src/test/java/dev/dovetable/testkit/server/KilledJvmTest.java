package dev.dovetable.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.testkit.server.PostgresServer.Source;
import dev.dovetable.testkit.server.internal.Jvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a JVM that was killed leaves behind is gone after the next start of a server. */
class KilledJvmTest {

  @Test
  void embeddedServerEndsAndItsFilesGo() throws Exception {
    try (Child living = Child.start(Source.EMBEDDED)) {
      Child killed = Child.start(Source.EMBEDDED);
      Path data = Path.of(killed.data());
      OptionalLong postmaster = DataDirectories.postmaster(data);
      killed.kill();
      assertThat(postmaster).isPresent();
      ProcessHandle server = ProcessHandle.of(postmaster.getAsLong()).orElseThrow();
      assertThat(server.isAlive()).isTrue();
      DriverManager.getConnection(killed.jdbcUrl()).close();

      PostgresServer.builder().source(Source.EMBEDDED).start().close();

      assertThat(server.isAlive()).isFalse();
      assertThat(data).doesNotExist();
      assertThat(data.resolveSibling(data.getFileName() + ".log")).doesNotExist();
      assertThat(data.resolveSibling(data.getFileName() + ".jvm")).doesNotExist();
      assertThatCode(() -> DriverManager.getConnection(living.jdbcUrl()).close())
          .doesNotThrowAnyException();
    }
  }

  @Test
  void dataAreWhereTheyAreWanted(@TempDir Path directory) throws Exception {
    try (Child child = Child.start(Source.EMBEDDED, "-Dcrm.testkit.directory=" + directory)) {
      assertThat(Path.of(child.data())).startsWith(directory);
    }
    assertThatThrownBy(() -> Child.start(Source.EMBEDDED, "-Dcrm.testkit.directory=/none"))
        .hasMessageContaining("ended early");
  }

  @Test
  void databasesAndRolesOnAnotherServerGo() throws Exception {
    try (External other = External.start()) {
      List<String> databases = other.databases();
      List<String> roles = other.roles();
      try (Child living = Child.start(Source.EXTERNAL, other.properties())) {
        Child killed = Child.start(Source.EXTERNAL, other.properties());
        killed.kill();
        assertThat(other.databases()).contains(killed.database(), living.database());
        assertThat(other.roles()).contains(killed.login(), living.login());

        other.builder().start().close();

        assertThat(other.databases())
            .contains(living.database(), External.BYSTANDER)
            .doesNotContain(killed.database());
        assertThat(other.roles())
            .contains(living.login(), External.BYSTANDER)
            .doesNotContain(killed.login());
      }
      assertThat(other.databases()).containsExactlyInAnyOrderElementsOf(databases);
      assertThat(other.roles()).containsExactlyInAnyOrderElementsOf(roles);
    }
  }

  @Test
  void anotherProcessWithTheNumberOfTheDeadOneIsToldApart(@TempDir Path home) throws Exception {
    DataDirectories directories = new DataDirectories(home);
    directories.mark("living");
    Files.createDirectory(directories.data("living"));
    Jvm self = Jvm.current();
    Files.writeString(home.resolve("reused.jvm"), new Jvm(self.host(), self.pid(), "1").toString());
    Files.createDirectory(directories.data("reused"));
    Files.writeString(
        home.resolve("elsewhere.jvm"), new Jvm("00000000", self.pid(), "1").toString());
    Files.createDirectory(directories.data("elsewhere"));
    Files.writeString(home.resolve("somebodys.jvm"), "no mark of ours");
    // Its file names a process that lives, but is no PostgreSQL of this directory: this JVM.
    Files.writeString(
        directories.data("reused").resolve("postmaster.pid"), self.pid() + "\n" + home + "\n");

    directories.removeLeftBehind();

    assertThat(home.toFile().list())
        .containsExactlyInAnyOrder(
            "living", "living.jvm", "elsewhere", "elsewhere.jvm", "somebodys.jvm");
  }
}
