package dev.dovetable.core.internal.connection;

import dev.dovetable.core.internal.sql.SqlErrors;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.jooq.Configuration;
import org.jooq.Transaction;
import org.jooq.TransactionContext;
import org.jooq.TransactionProvider;

/**
 * Transactions on {@link ActorConnections}: the outermost one holds a connection, each one within,
 * or within a transaction of the host's, is a savepoint. Thread-safe; one transaction belongs to
 * one thread.
 */
public final class ActorTransactions implements TransactionProvider {
  private final ActorConnections connections;

  ActorTransactions(ActorConnections connections) {
    this.connections = connections;
  }

  @Override
  public void begin(TransactionContext context) {
    Configuration configuration = context.configuration();
    if (configuration.connectionProvider() instanceof HeldConnection outer) {
      ActingConnection connection = outer.acquire();
      configuration.set(new HeldConnection(connection));
      run(() -> context.transaction(new Nested(connection, connection.setSavepoint(), false)));
    } else {
      ActingConnection connection = connections.acquire();
      configuration.set(new HeldConnection(connection));
      if (connection instanceof OwnConnection own) {
        context.transaction(new Outermost(own)); // known to rollback() from here on
        run(own::beginTransaction);
      } else {
        context.transaction(inHosts(connection));
      }
    }
  }

  private Nested inHosts(ActingConnection connection) {
    try {
      return new Nested(connection, connection.setSavepoint(), true);
    } catch (SQLException e) {
      connection.markFailed();
      connections.release(connection);
      throw SqlErrors.translate(e, "a transaction");
    }
  }

  @Override
  public void commit(TransactionContext context) {
    end(context);
    if (context.transaction() instanceof Nested nested) {
      run(() -> nested.connection().releaseSavepoint(nested.savepoint()));
      if (nested.inHosts()) {
        connections.release(nested.connection());
      }
    } else if (context.transaction() instanceof Outermost outermost) {
      run(outermost.connection()::commit);
      outermost.connection().source.committed();
      connections.release(outermost.connection());
    }
  }

  /** Also called after a failed commit. What fails here must not hide the first exception. */
  @Override
  public void rollback(TransactionContext context) {
    end(context);
    if (context.transaction() instanceof Nested nested) {
      try {
        nested.connection().rollback(nested.savepoint());
      } catch (SQLException e) {
        suppress(context, e);
      }
      if (nested.inHosts()) {
        connections.release(nested.connection());
      }
    } else if (context.transaction() instanceof Outermost outermost) {
      outermost.connection().markFailed();
      connections.release(outermost.connection());
    }
  }

  /** Its own, which begin() gave it: that of the transaction around it goes on. */
  private static void end(TransactionContext context) {
    if (context.configuration().connectionProvider() instanceof HeldConnection held) {
      held.end();
    }
  }

  private static void suppress(TransactionContext context, SQLException e) {
    Throwable first = context.causeThrowable();
    if (first != null) {
      first.addSuppressed(SqlErrors.translate(e, "a rollback"));
    }
  }

  private interface Step {
    void run() throws SQLException;
  }

  private static void run(Step step) {
    try {
      step.run();
    } catch (SQLException e) {
      throw SqlErrors.translate(e, "a transaction");
    }
  }

  private record Outermost(OwnConnection connection) implements Transaction {}

  /**
   * A savepoint.
   *
   * @param inHosts whether it is the outermost one in a transaction of the host's
   */
  private record Nested(ActingConnection connection, Savepoint savepoint, boolean inHosts)
      implements Transaction {}
}
