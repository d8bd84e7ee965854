package dev.dovetable.examples.benchmarks.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** SQL files beside this class, in which {@code {prefix}} stands for an agent's prefix. */
public final class Sql {

  private Sql() {}

  public static String of(String file) {
    try (InputStream in = Sql.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new BenchmarkException("There is no file " + file + " beside " + Sql.class);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String of(String file, String prefix) {
    if (!prefix.matches("[a-z][a-z0-9_]{0,19}")) {
      throw new IllegalArgumentException("no prefix: " + prefix);
    }
    return of(file).replace("{prefix}", prefix);
  }

  /** Runs several statements at once, without values. */
  public static void run(DataSource dataSource, String sql) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      run(connection, sql);
    }
  }

  public static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Runs one statement with whole numbers as values. */
  public static void run(DataSource dataSource, String sql, int... values) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setInt(i + 1, values[i]);
      }
      statement.execute();
    }
  }

  /** The first column of the first row. */
  public static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
