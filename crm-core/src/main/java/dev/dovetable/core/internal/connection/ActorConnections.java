package dev.dovetable.core.internal.connection;

import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.internal.sql.SessionErrors;
import dev.dovetable.core.internal.sql.SqlErrors;
import dev.dovetable.schema.errors.CrmException;
import dev.dovetable.schema.internal.jdbc.SqlStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jooq.ConnectionProvider;

/**
 * The library's only way to its {@link ConnectionSource}: each connection acts as somebody from its
 * first statement on, and goes back as it came. A statement outside a transaction is one of its
 * own. Immutable and thread-safe.
 */
public final class ActorConnections implements ConnectionProvider {
  private final ConnectionSource source;
  private final Prelude prelude;

  ActorConnections(ConnectionSource source, Prelude prelude) {
    this.source = source;
    this.prelude = prelude;
  }

  @Override
  public ActingConnection acquire() {
    source.requireOpen();
    // The host's connections take part in it either way.
    if (!source.isHosts() && OwnTransactions.isWithin(this)) {
      throw new IllegalStateException(
          "The scope of "
              + prelude.subject().name()
              + " is used inside its own transaction, and would run beside it: use the scope that"
              + " transaction(…) hands in. For what is to stay whatever becomes of the transaction,"
              + " open another one.");
    }
    ConnectionSource current = source.current();
    return take(current, taken -> wrap(taken, current));
  }

  /** What is done with a connection first. */
  interface First<T> {
    T with(Connection taken) throws SQLException;
  }

  /** Gives the connection back if that fails. */
  static <T> T take(ConnectionSource source, First<T> first) {
    Connection taken;
    try {
      taken = source.take();
    } catch (SQLException | RuntimeException e) {
      // Some pools throw unchecked exceptions when they can't be filled.
      throw source.located(SessionErrors.noConnection(e));
    }
    if (taken == null) {
      throw SessionErrors.noneFromHost();
    }
    try {
      return first.with(taken);
    } catch (SQLException | RuntimeException e) {
      CrmException failure =
          e instanceof CrmException crm ? crm : source.located(SessionErrors.noConnection(e));
      try {
        source.giveBack(taken);
      } catch (SQLException | RuntimeException closing) {
        failure.addSuppressed(closing);
      }
      throw failure;
    }
  }

  private ActingConnection wrap(Connection taken, ConnectionSource from) throws SQLException {
    if (from.isHosts() && !taken.getAutoCommit()) {
      requireWritable();
      return new HostConnection(taken, from, prelude);
    }
    return new OwnConnection(taken, autoCommit(taken), from, prelude);
  }

  /**
   * Has a connection be one of the database that its agent is in, if it was refused because that is
   * another one. Nothing of the transaction was done then, so it begins there. The connection at
   * hand is held until the other one is there: one of them has to be.
   *
   * @param isPrelude whether what was refused is the first of its transaction
   * @return false if the refusal holds
   */
  static boolean follow(OwnConnection connection, SQLException refusal, boolean isPrelude) {
    boolean isRefused = isPrelude && SqlStates.UNKNOWN_AGENT.equals(refusal.getSQLState());
    Optional<ConnectionSource> elsewhere =
        isRefused && !connection.unfinished ? connection.source.elsewhere() : Optional.empty();
    if (elsewhere.isEmpty()) {
      return false;
    }
    ConnectionSource next = elsewhere.get();
    return take(
        next,
        taken -> {
          boolean autoCommit = autoCommit(taken);
          taken.setAutoCommit(!connection.inTransaction);
          leave(connection);
          connection.autoCommitBefore = autoCommit;
          connection.source = next;
          connection.taken = taken;
          return true;
        });
  }

  private static void leave(OwnConnection connection) throws SQLException {
    Connection left = connection.taken;
    try {
      if (connection.inTransaction) {
        left.rollback();
      }
      left.setAutoCommit(connection.autoCommitBefore);
    } catch (SQLException e) {
      left.abort(Runnable::run);
    }
    connection.source.giveBack(left);
  }

  /**
   * Whether autocommit is on.
   *
   * @throws RefusedException if a transaction is open
   */
  static boolean autoCommit(Connection taken) throws SQLException {
    boolean autoCommit = taken.getAutoCommit();
    if (!autoCommit) {
      requireNoTransaction(taken);
    }
    return autoCommit;
  }

  /** PostgreSQL doesn't let a transaction that has become read-only write again. */
  private void requireWritable() {
    if (prelude.isReadOnly()) {
      throw new RefusedException(
          RefusedException.Reason.TRANSACTION_OPEN,
          "A scope made by readOnly() would make the surrounding transaction read-only for good.",
          "Read with the scope itself; to have writes refused, make the transaction read-only where"
              + " it is begun.");
    }
  }

  /**
   * Turning autocommit on would commit. JDBC has the driver refuse to set the read-only flag in the
   * middle of a transaction, even to what it is; pgjdbc knows without asking the server.
   */
  private static void requireNoTransaction(Connection taken) throws SQLException {
    try {
      taken.setReadOnly(taken.isReadOnly());
    } catch (SQLException e) {
      if (!SqlStates.ACTIVE_TRANSACTION.equals(e.getSQLState())) {
        throw e;
      }
      throw new RefusedException(
          RefusedException.Reason.TRANSACTION_OPEN,
          "The DataSource gave a connection on which a transaction is open.",
          "Make the Crm from the host's DSLContext or ConnectionProvider, so that it takes part in"
              + " the transaction; or from a DataSource that isn't bound to one.",
          e);
    }
  }

  @Override
  public void release(Connection connection) {
    ActingConnection acquired = (ActingConnection) connection;
    try {
      acquired.giveBack();
    } catch (SQLException e) {
      // After a failed statement its own exception is on its way and says more.
      if (!acquired.hasFailed()) {
        throw SqlErrors.translate(e, "the end of a transaction");
      }
    }
  }
}
