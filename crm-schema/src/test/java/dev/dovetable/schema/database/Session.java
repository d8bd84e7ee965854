package dev.dovetable.schema.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * One connection, acting as an API server lets its users act: under a role and with claims. Not
 * thread-safe.
 */
public final class Session implements AutoCloseable {

  /** What {@link #sqlState} answers where the statement succeeds. */
  public static final String SUCCESS = "00000";

  private final Connection connection;

  public Session(DataSource dataSource) throws SQLException {
    connection = dataSource.getConnection();
    // A test that fails is better than one that hangs.
    execute("set lock_timeout = '30s'");
  }

  /** A signed-in user; the claims are those of a Supabase token. */
  public Session as(UUID user) throws SQLException {
    return claims(claimsOf(user));
  }

  public static String claimsOf(UUID user) {
    return "{\"sub\": \"%s\", \"role\": \"authenticated\"}".formatted(user);
  }

  /** The role authenticated with any text as claims. */
  public Session claims(String claims) throws SQLException {
    return act("authenticated", claims);
  }

  public Session anonymous() throws SQLException {
    return act("anon", "{\"role\": \"anon\"}");
  }

  public Session service() throws SQLException {
    return act("service_role", "{\"role\": \"service_role\"}");
  }

  /** The login's own role, without a request: a backend, or psql. */
  public Session backend() throws SQLException {
    return act("none", "");
  }

  private Session act(String role, String claims) throws SQLException {
    execute(
        "select set_config('role', ?, false), set_config('request.jwt.claims', ?, false),"
            + " set_config('request.jwt.claim.sub', '', false)",
        role,
        claims);
    return this;
  }

  public Session begin() throws SQLException {
    connection.setAutoCommit(false);
    return this;
  }

  public Session commit() throws SQLException {
    connection.commit();
    connection.setAutoCommit(true);
    return this;
  }

  public Session rollback() throws SQLException {
    connection.rollback();
    connection.setAutoCommit(true);
    return this;
  }

  public Connection connection() {
    return connection;
  }

  public int pid() throws SQLException {
    return Integer.parseInt(one("select pg_backend_pid()"));
  }

  /** Runs a statement; the answer is its number of affected or returned rows. */
  public int execute(String sql, Object... arguments) throws SQLException {
    if (arguments.length == 0) {
      try (Statement statement = connection.createStatement()) {
        return count(statement, statement.execute(sql));
      }
    }
    try (PreparedStatement statement = prepare(sql, arguments)) {
      return count(statement, statement.execute());
    }
  }

  private static int count(Statement statement, boolean isQuery) throws SQLException {
    if (!isQuery) {
      return statement.getUpdateCount();
    }
    try (ResultSet rows = statement.getResultSet()) {
      int count = 0;
      while (rows.next()) {
        count++;
      }
      return count;
    }
  }

  /** The first column of the first row, as text; null where that is null or there is no row. */
  public String one(String sql, Object... arguments) throws SQLException {
    List<String> column = column(sql, arguments);
    return column.isEmpty() ? null : column.get(0);
  }

  /** The first column of all rows, as text. */
  public List<String> column(String sql, Object... arguments) throws SQLException {
    List<String> values = new ArrayList<>();
    for (List<String> row : rows(sql, arguments)) {
      values.add(row.get(0));
    }
    return values;
  }

  public List<List<String>> rows(String sql, Object... arguments) throws SQLException {
    List<List<String>> all = new ArrayList<>();
    try (PreparedStatement statement = prepare(sql, arguments);
        ResultSet rows = statement.executeQuery()) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(rows.getString(i));
        }
        all.add(row);
      }
    }
    return all;
  }

  /** The SQLSTATE that the statement ends with; a transaction goes on as if it had not been run. */
  public String sqlState(String sql, Object... arguments) throws SQLException {
    SQLException failure = failure(sql, arguments);
    return failure == null ? SUCCESS : failure.getSQLState();
  }

  /** The error that the statement ends with, or null. */
  public SQLException failure(String sql, Object... arguments) throws SQLException {
    boolean inTransaction = !connection.getAutoCommit();
    if (inTransaction) {
      execute("savepoint attempt");
    }
    try {
      execute(sql, arguments);
      return null;
    } catch (SQLException e) {
      if (inTransaction) {
        execute("rollback to savepoint attempt");
      }
      return e;
    }
  }

  private PreparedStatement prepare(String sql, Object... arguments) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      for (int i = 0; i < arguments.length; i++) {
        statement.setObject(i + 1, arguments[i]);
      }
      return statement;
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }

  @Override
  public void close() throws SQLException {
    if (!connection.isClosed() && !connection.getAutoCommit()) {
      connection.rollback();
    }
    connection.close();
  }
}
