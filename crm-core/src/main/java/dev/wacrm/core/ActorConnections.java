package dev.wacrm.core;

import dev.wacrm.schema.CrmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Supplier;
import org.jooq.ConnectionProvider;
import org.jspecify.annotations.Nullable;

/**
 * The library's only way to its {@link ConnectionSource}: each connection acts as somebody from its
 * first statement on, and goes back as it came. A statement outside a transaction is one of its
 * own. Thread-safe.
 */
final class ActorConnections implements ConnectionProvider {
  private final ConnectionSource source;
  private final Timeouts timeouts;
  private final Supplier<Actor> actor;
  private final boolean readOnly;

  /** Of the latest actor, which is mostly the next one too. */
  private volatile @Nullable Known known;

  private record Known(Actor actor, Prelude prelude) {}

  /**
   * For an actor that may have to be found out first.
   *
   * @param actor asked before each connection is taken, so it may use a connection itself
   * @param readOnly whether the database is to refuse writes
   */
  ActorConnections(
      ConnectionSource source, Timeouts timeouts, Supplier<Actor> actor, boolean readOnly) {
    this.source = source;
    this.timeouts = timeouts;
    this.actor = actor;
    this.readOnly = readOnly;
  }

  @Override
  public ActingConnection acquire() {
    Prelude prelude = prelude(actor.get());
    Connection taken;
    try {
      taken = source.take();
    } catch (SQLException | RuntimeException e) {
      // Some pools throw unchecked exceptions when they can't be filled.
      throw Errors.noConnection(e);
    }
    if (taken == null) {
      throw Errors.noConnection(new SQLException("The host's ConnectionProvider has none."));
    }
    try {
      return acting(taken, prelude);
    } catch (SQLException | RuntimeException e) {
      CrmException failure = e instanceof CrmException crm ? crm : Errors.noConnection(e);
      try {
        source.giveBack(taken);
      } catch (SQLException | RuntimeException closing) {
        failure.addSuppressed(closing);
      }
      throw failure;
    }
  }

  private ActingConnection acting(Connection taken, Prelude prelude) throws SQLException {
    if (!taken.getAutoCommit()) {
      if (source.isHosts()) {
        requireWritable();
        return new HostConnection(taken, source, prelude);
      }
      requireNoTransaction(taken);
    }
    return new OwnConnection(taken, source, prelude);
  }

  /** PostgreSQL doesn't let a transaction that has become read-only write again. */
  private void requireWritable() {
    if (readOnly) {
      throw new RefusedException(
          RefusedException.Reason.TRANSACTION_OPEN,
          "A scope made by readOnly() would make the host's transaction read-only for good.",
          "Read with the scope itself, or begin a read-only transaction in the host.");
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

  private Prelude prelude(Actor now) {
    Known latest = known;
    if (latest == null || !latest.actor().equals(now)) {
      latest = new Known(now, Prelude.of(now, timeouts, readOnly));
      known = latest;
    }
    return latest.prelude();
  }

  @Override
  public void release(Connection connection) {
    ActingConnection acting = (ActingConnection) connection;
    try {
      acting.giveBack();
    } catch (SQLException e) {
      // After a failed statement its own exception is on its way and says more.
      if (!acting.hasFailed()) {
        throw Errors.translate(e, "the end of a transaction");
      }
    }
  }
}
