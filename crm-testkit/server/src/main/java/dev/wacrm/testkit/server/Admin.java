package dev.wacrm.testkit.server;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Runs the server's housekeeping statements, each in a transaction of its own. */
final class Admin {

  private final DataSource dataSource;

  Admin(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** Runs a statement whose {@code %I} and {@code %L} the server fills in, in order. */
  void execute(String pattern, String... arguments) {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(format(connection, pattern, arguments));
    } catch (SQLException e) {
      throw new PostgresServerException(pattern + ": " + e.getMessage(), e);
    }
  }

  String queryString(String query) {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw new PostgresServerException(query + ": " + e.getMessage(), e);
    }
  }

  private static String format(Connection connection, String pattern, String... arguments)
      throws SQLException {
    try (PreparedStatement format =
        connection.prepareStatement("select pg_catalog.format(?, variadic ?::text[])")) {
      format.setString(1, pattern);
      format.setArray(2, connection.createArrayOf("text", arguments));
      try (ResultSet rows = format.executeQuery()) {
        rows.next();
        return rows.getString(1);
      }
    }
  }
}
