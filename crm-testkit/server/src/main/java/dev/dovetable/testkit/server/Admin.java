package dev.dovetable.testkit.server;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Runs the server's housekeeping statements, each in a transaction of its own. Thread-safe. */
final class Admin {

  private final DataSource dataSource;

  Admin(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  DataSource dataSource() {
    return dataSource;
  }

  /** Runs a statement whose {@code %I} and {@code %L} the server fills in, in order. */
  void execute(String pattern, String... arguments) {
    try (Connection connection = dataSource.getConnection()) {
      execute(connection, pattern, arguments);
    } catch (SQLException e) {
      throw new PostgresServerException(pattern + ": " + e.getMessage(), e);
    }
  }

  static void execute(Connection connection, String pattern, String... arguments)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(format(connection, pattern, arguments));
    }
  }

  String queryString(String query) {
    List<String> values = queryStrings(query);
    if (values.isEmpty()) {
      throw new PostgresServerException(query + ": no row");
    }
    return values.get(0);
  }

  List<String> queryStrings(String query) {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    } catch (SQLException e) {
      throw new PostgresServerException(query + ": " + e.getMessage(), e);
    }
  }

  /** Drops a role whose databases are gone already. */
  void dropRole(String role) {
    // Whoever made it isn't a member of it from PostgreSQL 16 on, and no superuser may be.
    if (queryString("select rolsuper from pg_catalog.pg_roles where rolname = current_user")
        .equals("f")) {
      execute("grant %I to current_user", role);
    }
    execute("drop owned by %I cascade", role);
    execute("drop role %I", role);
  }

  private static String format(Connection connection, String pattern, String... arguments)
      throws SQLException {
    if (arguments.length == 0) {
      return pattern;
    }
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
