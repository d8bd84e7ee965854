package dev.dovetable.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.testkit.server.PostgresServer.Source;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ExternalServerTest {

  private static External other;

  @BeforeAll
  static void start() throws Exception {
    other = External.start();
  }

  @AfterAll
  static void stop() {
    other.close();
  }

  @Test
  void nothingOfItStaysAndNothingOfOthersGoes() throws SQLException {
    List<String> databases = other.databases();
    List<String> roles = other.roles();
    try (PostgresServer server = other.builder().start()) {
      assertThat(server.source()).isEqualTo(Source.EXTERNAL);
      PostgresDatabase database = server.createDatabase(Marked.class);
      database.createLogin("left_open");
      try (PostgresDatabase closed = server.createDatabase(Marked.class)) {
        assertThat(Query.column(closed.dataSource(), "select n from mark")).containsExactly("1");
        assertThat(closed.name()).isNotEqualTo(database.name());
        assertThat(other.databases()).contains(closed.name(), database.name());
      }
    }
    assertThat(other.databases()).containsExactlyInAnyOrderElementsOf(databases);
    assertThat(other.roles()).containsExactlyInAnyOrderElementsOf(roles);
  }

  @Test
  void loginsHavePasswordsThatTheirAddressesHold() throws SQLException {
    try (PostgresServer server = other.builder().start();
        PostgresDatabase database = server.createDatabase()) {
      String login = database.createLogin("visitor");
      assertThat(Query.column(database.dataSource(login), "select session_user"))
          .containsExactly(login);
      assertThat(database.jdbcUrl(login)).contains("tcpKeepAlive=true", "password=");
      assertThat(database.toString()).doesNotContain("password");
      try (Connection connection = DriverManager.getConnection(database.jdbcUrl(login))) {
        assertThat(connection.getCatalog()).isEqualTo(database.name());
      }
      try (Connection connection = DriverManager.getConnection(database.jdbcUrl())) {
        assertThat(connection.getMetaData().getUserName()).isEqualTo(server.administrator());
      }
    }
  }

  @Test
  void wrongPasswordIsReportedWithoutRepeatingIt() {
    String url = other.url();
    assertThatThrownBy(() -> PostgresServer.builder().external(url, "tester", "wr0ng").start())
        .isInstanceOf(PostgresServerException.class)
        .hasMessageContaining("tester")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("wr0ng"));
  }

  @Test
  void addressOfAnotherDriverIsRefusedWithoutRepeatingIt() {
    Settings settings = Settings.of(Map.of(Settings.URL, "jdbc:mysql://u:s3cret@x/y"));
    assertThatThrownBy(() -> ExternalBackend.of(settings))
        .isInstanceOf(PostgresServerException.class)
        .hasMessageContaining("set by the builder")
        .hasMessageContaining("jdbc:postgresql://")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));
    assertThatThrownBy(() -> ExternalBackend.of(Settings.of(Map.of())))
        .hasMessageContaining("needs crm.testkit.url");
  }

  @Test
  void whatIsNotTheTestKitsIsNotItsToChange() throws SQLException {
    assertThatThrownBy(() -> other.builder().setting("max_connections", "9").start())
        .isInstanceOf(IllegalStateException.class);
    List<String> roles = other.roles();
    try (PostgresServer server = other.builder().start()) {
      assertThatThrownBy(() -> server.createDatabase(Flavor.SUPABASE))
          .isInstanceOf(PostgresServerException.class)
          .hasMessageContaining("roles of the whole server");
      assertThatThrownBy(server::stopCommand).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> other.builder().version(otherThan(server.version())).start())
          .hasMessageContaining("asks for PostgreSQL " + otherThan(server.version()));
    }
    assertThat(other.roles()).containsExactlyInAnyOrderElementsOf(roles);
  }

  private static int otherThan(int version) {
    return version == 18 ? 17 : 18;
  }

  static class Marked implements DatabasePreparer {
    @Override
    public void prepare(DataSource superuser) throws SQLException {
      Query.column(superuser, "create table mark as select 1 as n");
    }
  }
}
