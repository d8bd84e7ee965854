package dev.dovetable.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.testkit.server.PostgresServer.Source;
import dev.dovetable.testkit.server.internal.DockerProbe;
import dev.dovetable.testkit.server.internal.DockerProbe.State;
import java.net.ConnectException;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.testcontainers.DockerClientFactory;

/** Needs a Docker engine and the default image, and fails without them. */
@Tag("docker")
class ContainerServerTest {

  @Test
  void imageThatIsThereMakesContainersTheDefault() {
    String image = Choice.of(new Settings(List.of()), name -> absent()).image();
    assertThat(ContainerBackend.probe(image).state()).isEqualTo(State.READY);
    assertThat(ContainerBackend.probe("postgres:99-none"))
        .satisfies(
            answer -> {
              assertThat(answer.state()).isEqualTo(State.ABSENT);
              assertThat(answer.reason()).contains("postgres:99-none");
            });
  }

  @Test
  void serverHasItsSettingsAndItsDataInMemory() throws SQLException {
    try (PostgresServer server =
        PostgresServer.builder()
            .source(Source.TESTCONTAINERS)
            .setting("max_connections", "20")
            .start()) {
      assertThat(server.source()).isEqualTo(Source.TESTCONTAINERS);
      assertThat(server.version()).isEqualTo(18);
      assertThatThrownBy(server::stopCommand).isInstanceOf(IllegalStateException.class);
      DataSource superuser = server.administratorOf("postgres");
      assertThat(
              Query.column(
                  superuser,
                  "select setting from pg_settings where name in ('max_connections', 'fsync',"
                      + " 'synchronous_commit', 'full_page_writes') order by name"))
          .containsExactly("off", "off", "20", "off");
      assertThat(
              Query.column(
                  superuser,
                  "select split_part(line, ' ', 3) from regexp_split_to_table("
                      + "pg_read_file('/proc/mounts'), '\\n') as line where split_part(line, ' ', 2)"
                      + " = current_setting('data_directory')"))
          .containsExactly("tmpfs");
    }
  }

  @Test
  void clonesAndFlavorsAreTheSameAsElsewhere() throws SQLException {
    try (PostgresServer server = PostgresServer.builder().source(Source.TESTCONTAINERS).start()) {
      Set<String> names = new HashSet<>();
      for (int i = 0; i < 3; i++) {
        try (PostgresDatabase database =
            server.createDatabase(Flavor.SUPABASE, FlavorTest.OneTable.class)) {
          names.add(database.name());
          String login = database.createLogin("visitor", "authenticated");
          assertThat(
                  Query.column(
                      database.dataSource(login), "select has_table_privilege('t', 'select')"))
              .containsExactly("f");
        }
      }
      assertThat(names).hasSize(3);
      assertThat(Query.databases(server)).doesNotContainAnyElementsOf(names);
    }
  }

  @Test
  void onlyThisMachineReachesTheServer() throws Exception {
    try (PostgresServer server = PostgresServer.builder().source(Source.TESTCONTAINERS).start()) {
      for (String address : addressesOfThisMachine()) {
        assertThatThrownBy(() -> new Socket(address, server.port()).close())
            .as(address)
            .isInstanceOf(ConnectException.class);
      }
      new Socket("127.0.0.1", server.port()).close();
    }
  }

  @Test
  void containerOfAKilledJvmGoes() throws Exception {
    try (Child living = Child.start(Source.TESTCONTAINERS)) {
      List<String> before = containers();
      Child killed = Child.start(Source.TESTCONTAINERS);
      List<String> both = containers();
      killed.kill();
      assertThat(both).containsAll(before).hasSizeGreaterThan(before.size());

      PostgresServer.builder().source(Source.TESTCONTAINERS).start().close();

      assertThat(containers()).containsExactlyInAnyOrderElementsOf(before);
      assertThat(Query.column(dataSource(living.jdbcUrl()), "select 1")).containsExactly("1");
    }
  }

  @Test
  void missingImageIsNamedWithARemedy() {
    assertThatThrownBy(
            () ->
                PostgresServer.builder()
                    .source(Source.TESTCONTAINERS)
                    .image("localhost:1/none:1")
                    .start())
        .isInstanceOf(PostgresServerException.class)
        .hasMessageContaining("localhost:1/none:1")
        .hasMessageContaining("crm.testkit.image");
  }

  private static DockerProbe.Answer absent() {
    return new DockerProbe.Answer(State.ABSENT, "not asked");
  }

  private static List<String> containers() {
    return DockerClientFactory.instance()
        .client()
        .listContainersCmd()
        .withLabelFilter(List.of(ContainerBackend.LABEL))
        .exec()
        .stream()
        .map(container -> container.getId())
        .toList();
  }

  private static DataSource dataSource(String url) {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setUrl(url);
    return dataSource;
  }

  private static List<String> addressesOfThisMachine() throws SocketException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
        .map(address -> address.getHostAddress())
        .toList();
  }
}
