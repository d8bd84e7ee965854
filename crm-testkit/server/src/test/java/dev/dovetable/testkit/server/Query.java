package dev.dovetable.testkit.server;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Runs statements and reads the first column of what they return. */
final class Query {

  private Query() {}

  static List<String> column(DataSource dataSource, String sql) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      List<String> values = new ArrayList<>();
      for (boolean rows = statement.execute(sql);
          rows || statement.getUpdateCount() >= 0;
          rows = statement.getMoreResults()) {
        if (rows) {
          try (ResultSet result = statement.getResultSet()) {
            while (result.next()) {
              values.add(result.getString(1));
            }
          }
        }
      }
      return values;
    }
  }

  static List<String> databases(PostgresServer server) throws SQLException {
    return column(server.administratorOf("postgres"), "select datname from pg_database");
  }
}
