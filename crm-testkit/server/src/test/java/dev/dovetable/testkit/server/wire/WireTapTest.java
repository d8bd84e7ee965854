package dev.dovetable.testkit.server.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@FreshDatabase
class WireTapTest {
  private final List<String> told = new ArrayList<>();
  private PostgresDatabase database;
  private WireTap tap;

  @BeforeEach
  void open(PostgresDatabase database) {
    this.database = database;
    this.tap = WireTap.open("localhost", database.server().port());
    tap.add(
        new WireTap.Listener() {
          @Override
          public void roundTrip() {
            told.add("round trip");
          }

          @Override
          public void statement(String sql, List<String> values) {
            told.add(sql + " " + values);
          }
        });
  }

  @AfterEach
  void close() {
    tap.close();
  }

  @Test
  void tellsStatementsAndRoundTrips() throws SQLException {
    tellsThem("extended");
  }

  @Test
  void tellsThemInSimpleQueriesToo() throws SQLException {
    tellsThem("simple");
  }

  private void tellsThem(String mode) throws SQLException {
    try (Connection connection = connect("&preferQueryMode=" + mode)) {
      told.clear();
      connection.setAutoCommit(false);
      select(connection, "a");
      connection.commit();
    }
    assertThat(told.stream().filter("round trip"::equals)).hasSize(2);
    assertThat(told.get(0)).startsWith("BEGIN");
    assertThat(told.get(1)).contains("select", "'x'", "a");
  }

  @Test
  void tellsTheTextOfAStatementThatIsSentByName() throws SQLException {
    try (Connection connection = connect("&prepareThreshold=1")) {
      select(connection, "a");
      told.clear();
      select(connection, "b");
    }
    assertThat(told).containsExactly("select $1::text || 'x' [b]", "round trip");
  }

  @Test
  void declinesEncryption() throws SQLException {
    try (Connection connection = connect("&sslmode=prefer&gssEncMode=prefer")) {
      assertThat(select(connection, "a")).isEqualTo("ax");
    }
  }

  @Test
  void tellsNothingToWhoWasRemoved() throws SQLException {
    WireTap.Listener listener =
        new WireTap.Listener() {
          @Override
          public void roundTrip() {
            told.add("removed one");
          }
        };
    tap.add(listener);
    tap.remove(listener);
    try (Connection connection = connect("")) {
      select(connection, "a");
    }
    assertThat(told).doesNotContain("removed one");
  }

  @Test
  void endsConnectionsWhenItIsClosed() throws SQLException {
    try (Connection connection = connect("")) {
      tap.close();
      tap.close();
      assertThatThrownBy(() -> select(connection, "a")).isInstanceOf(SQLException.class);
      assertThatThrownBy(() -> connect("")).isInstanceOf(SQLException.class);
    }
  }

  private Connection connect(String properties) throws SQLException {
    return DriverManager.getConnection(
        database.jdbcUrl("postgres").replaceFirst("localhost:\\d+", "localhost:" + tap.port())
            + properties);
  }

  private static String select(Connection connection, String value) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("select ?::text || 'x'")) {
      statement.setString(1, value);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }
}
