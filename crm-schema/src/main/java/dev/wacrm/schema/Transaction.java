package dev.wacrm.schema;

import dev.wacrm.schema.SchemaException.Reason;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.jspecify.annotations.Nullable;

/**
 * One piece of work: a transaction of its own, or a part of the caller's that leaves its settings
 * as they were. Undone unless {@link #complete()} is reached.
 */
final class Transaction implements AutoCloseable {
  private final Connection connection;
  private final boolean autoCommit;
  private final @Nullable Savepoint savepoint;
  private final @Nullable Settings found;
  private boolean completed;

  private record Settings(
      String searchPath, String lockTimeout, String statementTimeout, String isolation) {}

  private Transaction(
      Connection connection,
      boolean autoCommit,
      @Nullable Savepoint savepoint,
      @Nullable Settings found) {
    this.connection = connection;
    this.autoCommit = autoCommit;
    this.savepoint = savepoint;
    this.found = found;
  }

  /**
   * Begins a transaction on a connection that has none; commits or rolls back at the end. One round
   * trip.
   */
  static Transaction begin(Connection connection, String privateSchema, boolean readOnly)
      throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    if (autoCommit) {
      connection.setAutoCommit(false);
    }
    Transaction transaction = new Transaction(connection, autoCommit, null, null);
    try {
      Jdbc.run(
          connection,
          Resources.read(readOnly ? "installer/begin_read_only.sql" : "installer/begin.sql"),
          privateSchema);
      return transaction;
    } catch (SQLException | RuntimeException e) {
      transaction.closeAfter(e);
      throw e;
    }
  }

  /**
   * Takes part in the caller's transaction, who commits it. Three round trips, and one at the end.
   */
  static Transaction join(Connection connection, String privateSchema, boolean readOnly)
      throws SQLException {
    Settings found =
        Jdbc.querySingle(
            connection,
            Resources.read("installer/settings_save.sql"),
            row ->
                new Settings(
                    row.getString("search_path"),
                    row.getString("lock_timeout"),
                    row.getString("statement_timeout"),
                    row.getString("isolation")));
    if (!readOnly && !found.isolation().equals("read committed")) {
      throw new SchemaException(
          Reason.UNSUITABLE_CONNECTION,
          "The connection is in a transaction with isolation level "
              + found.isolation()
              + ", which would not see what another installer commits meanwhile.",
          "Install in a read committed transaction, or on a connection with autocommit on.");
    }
    Transaction transaction = new Transaction(connection, false, connection.setSavepoint(), found);
    try {
      Jdbc.run(connection, Resources.read("installer/search_path.sql"), privateSchema);
      return transaction;
    } catch (SQLException | RuntimeException e) {
      transaction.closeAfter(e);
      throw e;
    }
  }

  Connection connection() {
    return connection;
  }

  /** Commits, or leaves the work to the caller's transaction with its settings put back. */
  void complete() throws SQLException {
    if (savepoint == null || found == null) {
      connection.commit();
    } else {
      Jdbc.run(
          connection,
          Resources.read("installer/settings_restore.sql"),
          found.searchPath(),
          found.lockTimeout(),
          found.statementTimeout());
      connection.releaseSavepoint(savepoint);
    }
    completed = true;
  }

  @Override
  public void close() throws SQLException {
    try {
      if (!completed) {
        if (savepoint == null) {
          connection.rollback();
        } else {
          connection.rollback(savepoint);
          connection.releaseSavepoint(savepoint);
        }
      }
    } finally {
      // A lost connection can be closed, but not set back.
      if (autoCommit && !connection.isClosed()) {
        connection.setAutoCommit(true);
      }
    }
  }

  private void closeAfter(Exception e) {
    try {
      close();
    } catch (SQLException failed) {
      e.addSuppressed(failed);
    }
  }
}
