package dev.dovetable.core.internal.connection;

import dev.dovetable.core.internal.sql.SqlErrors;
import java.sql.Connection;
import java.sql.SQLException;
import org.jooq.ConnectionProvider;

/**
 * Hands out a transaction's connection, as often as it is asked to, until the transaction is over:
 * by then, the connection may be in somebody else's.
 *
 * <p>Belongs to the transaction's thread; that it is over, every thread finds out.
 */
public final class HeldConnection implements ConnectionProvider {
  private final ActingConnection connection;
  private volatile boolean over;

  HeldConnection(ActingConnection connection) {
    this.connection = connection;
  }

  /**
   * To be called first.
   *
   * @throws IllegalStateException if the transaction is over
   */
  void requireOpen() {
    if (over) {
      throw new IllegalStateException(
          "The transaction is over: use what it handed in only within it");
    }
  }

  void end() {
    over = true;
  }

  /** What has run in the transaction is not to be committed. */
  void markFailed() {
    connection.markFailed();
  }

  /** Anybody's SQL has run in the transaction. */
  void markCallers() {
    connection.markCallers();
  }

  @Override
  public ActingConnection acquire() {
    requireOpen();
    return connection;
  }

  @Override
  public void release(Connection released) {
    try {
      connection.returnToHost();
    } catch (SQLException e) {
      if (!connection.hasFailed()) {
        throw SqlErrors.translate(e, "a transaction");
      }
    }
  }
}
