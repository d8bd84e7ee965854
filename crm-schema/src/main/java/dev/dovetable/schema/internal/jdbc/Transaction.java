package dev.dovetable.schema.internal.jdbc;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.internal.files.Resources;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.jspecify.annotations.Nullable;

/**
 * One piece of work: a transaction of its own, or a part of the caller's that leaves its settings
 * as they were. Undone unless {@link #complete()} is reached.
 */
public final class Transaction implements AutoCloseable {
  private final Connection connection;
  private final boolean autoCommit;
  private final @Nullable Savepoint savepoint;
  private final Settings found;
  private boolean completed;

  /** What the SQL files and the installer change, as the session had it. */
  private record Settings(
      String searchPath,
      String clientMinMessages,
      String lockTimeout,
      String statementTimeout,
      String quoteAllIdentifiers,
      String arrayNulls,
      String isolation) {

    static Settings read(ResultSet row) throws SQLException {
      return new Settings(
          row.getString("search_path"),
          row.getString("client_min_messages"),
          row.getString("lock_timeout"),
          row.getString("statement_timeout"),
          row.getString("quote_all_identifiers"),
          row.getString("array_nulls"),
          row.getString("isolation"));
    }
  }

  private Transaction(
      Connection connection, boolean autoCommit, @Nullable Savepoint savepoint, Settings found) {
    this.connection = connection;
    this.autoCommit = autoCommit;
    this.savepoint = savepoint;
    this.found = found;
  }

  /** Begins a transaction that is committed or rolled back at the end; one round trip each. */
  public static Transaction begin(Connection connection, String privateSchema, boolean readOnly)
      throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    if (autoCommit) {
      connection.setAutoCommit(false);
    }
    try {
      String begin =
          Resources.read(readOnly ? "installer/begin_read_only.sql" : "installer/begin.sql");
      Settings found = Jdbc.querySingle(connection, begin, Settings::read, privateSchema);
      return new Transaction(connection, autoCommit, null, found);
    } catch (SQLException | RuntimeException e) {
      try {
        undo(connection, autoCommit, null);
      } catch (SQLException failed) {
        e.addSuppressed(failed);
      }
      throw e;
    }
  }

  /** Takes part in the caller's transaction; two round trips, and two at the end. */
  public static Transaction join(Connection connection, String privateSchema, boolean readOnly)
      throws SQLException {
    Savepoint savepoint = connection.setSavepoint();
    try {
      String join = Resources.read("installer/join.sql");
      Settings found = Jdbc.querySingle(connection, join, Settings::read, privateSchema);
      if (!readOnly && !found.isolation().equals("read committed")) {
        throw new SchemaException(
            Reason.UNSUITABLE_CONNECTION,
            "The connection is in a transaction with isolation level "
                + found.isolation()
                + ", which would not see what another installer commits meanwhile.",
            "Install in a read committed transaction, or on a connection with autocommit on.");
      }
      return new Transaction(connection, false, savepoint, found);
    } catch (SQLException | RuntimeException e) {
      try {
        undo(connection, false, savepoint);
      } catch (SQLException failed) {
        e.addSuppressed(failed);
      }
      throw e;
    }
  }

  public Connection connection() {
    return connection;
  }

  /** Puts back what an SQL file has set, for the rest of the transaction. */
  public void restore() throws SQLException {
    Jdbc.run(
        connection,
        Resources.read("installer/settings_restore.sql"),
        found.searchPath(),
        found.clientMinMessages(),
        found.lockTimeout(),
        found.statementTimeout(),
        found.quoteAllIdentifiers(),
        found.arrayNulls());
  }

  /** Commits, or leaves the work to the caller's transaction with its settings put back. */
  public void complete() throws SQLException {
    if (savepoint == null) {
      connection.commit();
    } else {
      restore();
      connection.releaseSavepoint(savepoint);
    }
    completed = true;
  }

  @Override
  public void close() throws SQLException {
    if (completed) {
      setBack(connection, autoCommit);
    } else {
      undo(connection, autoCommit, savepoint);
    }
  }

  private static void undo(Connection connection, boolean autoCommit, @Nullable Savepoint savepoint)
      throws SQLException {
    try {
      if (savepoint == null) {
        connection.rollback();
      } else {
        connection.rollback(savepoint);
        connection.releaseSavepoint(savepoint);
      }
    } finally {
      setBack(connection, autoCommit);
    }
  }

  /** A lost connection can be closed, but not set back. */
  private static void setBack(Connection connection, boolean autoCommit) throws SQLException {
    if (autoCommit && !connection.isClosed()) {
      connection.setAutoCommit(true);
    }
  }
}
