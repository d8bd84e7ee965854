package dev.dovetable.schema.internal.jdbc;

import dev.dovetable.schema.internal.files.Resources;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The few ways in which the installer talks to the database. */
public final class Jdbc {

  /** Reads the current row. */
  @FunctionalInterface
  public interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private Jdbc() {}

  /** All rows of one query with text parameters; one round trip. */
  public static <T> List<T> query(
      Connection connection, String sql, RowReader<T> reader, String... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, parameters);
      try (ResultSet rows = statement.executeQuery()) {
        List<T> result = new ArrayList<>();
        while (rows.next()) {
          result.add(reader.read(rows));
        }
        return result;
      }
    }
  }

  /** The row of the first statement that gives one, of one or more; one round trip for all. */
  public static <T> T querySingle(
      Connection connection, String sql, RowReader<T> reader, String... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, parameters);
      boolean isRows = statement.execute();
      while (!isRows && statement.getUpdateCount() >= 0) {
        isRows = statement.getMoreResults();
      }
      try (ResultSet rows = statement.getResultSet()) {
        if (rows == null || !rows.next()) {
          throw new SQLException("Expected a row");
        }
        return reader.read(rows);
      }
    }
  }

  /** Runs statements with text parameters and drops their results; one round trip for all. */
  public static void run(Connection connection, String sql, String... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, parameters);
      statement.execute();
    }
  }

  /** Runs one statement as it is: nothing in it is taken for a parameter or an escape. */
  public static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }

  /**
   * Has the server run a text of any number of statements, all or nothing; one round trip. To be
   * called inside a transaction.
   *
   * @return the warnings that the server raised; notices are left out
   */
  public static List<String> runText(Connection connection, String text) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(Resources.read("installer/run_text.sql"))) {
      bind(statement, text);
      statement.execute();
      List<String> warnings = new ArrayList<>();
      for (SQLWarning warning = statement.getWarnings();
          warning != null;
          warning = warning.getNextWarning()) {
        // Class 01 is a warning; a notice has 00000, or the class of what it speaks of.
        String state = warning.getSQLState();
        String message = warning.getMessage();
        if (message != null && state != null && state.startsWith(SqlStates.CLASS_WARNING)) {
          warnings.add(message);
        }
      }
      return warnings;
    }
  }

  public static List<String> texts(ResultSet row, String column) throws SQLException {
    return List.of((String[]) row.getArray(column).getArray());
  }

  private static void bind(PreparedStatement statement, String... parameters) throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      statement.setString(i + 1, parameters[i]);
    }
  }
}
