package dev.wacrm.core;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.Transaction;
import org.jooq.TransactionContext;
import org.jooq.TransactionProvider;

/**
 * Transactions on {@link ActorConnections}: the outermost one holds a connection, each one within
 * is a savepoint. Thread-safe; one transaction belongs to one thread.
 */
final class ActorTransactions implements TransactionProvider {
  private final ActorConnections connections;

  ActorTransactions(ActorConnections connections) {
    this.connections = connections;
  }

  @Override
  public void begin(TransactionContext context) {
    Configuration configuration = context.configuration();
    if (configuration.connectionProvider() instanceof Held held) {
      run(
          () ->
              context.transaction(new Nested(held.connection(), held.connection().setSavepoint())));
    } else {
      ActingConnection connection = connections.acquire().hold();
      context.transaction(new Outermost(connection)); // known to rollback() from here on
      run(connection::beginTransaction);
      configuration.set(new Held(connection));
    }
  }

  @Override
  public void commit(TransactionContext context) {
    if (context.transaction() instanceof Nested nested) {
      run(() -> nested.connection().releaseSavepoint(nested.savepoint()));
    } else if (context.transaction() instanceof Outermost outermost) {
      run(outermost.connection()::commit);
      connections.release(outermost.connection());
    }
  }

  /** Also called after a failed commit. What fails here must not hide the first exception. */
  @Override
  public void rollback(TransactionContext context) {
    if (context.transaction() instanceof Nested nested) {
      try {
        nested.connection().rollback(nested.savepoint());
      } catch (SQLException e) {
        suppress(context, e);
      }
    } else if (context.transaction() instanceof Outermost outermost) {
      outermost.connection().markFailed();
      connections.release(outermost.connection());
    }
  }

  private static void suppress(TransactionContext context, SQLException e) {
    Throwable first = context.causeThrowable();
    if (first != null) {
      first.addSuppressed(Errors.translate(e, "a rollback"));
    }
  }

  private interface Step {
    void run() throws SQLException;
  }

  private static void run(Step step) {
    try {
      step.run();
    } catch (SQLException e) {
      throw Errors.translate(e, "a transaction");
    }
  }

  /** Hands out the transaction's connection, as often as it is asked to. */
  private record Held(ActingConnection connection) implements ConnectionProvider {
    @Override
    public Connection acquire() {
      return connection;
    }

    @Override
    public void release(Connection connection) {}
  }

  private record Outermost(ActingConnection connection) implements Transaction {}

  private record Nested(ActingConnection connection, Savepoint savepoint) implements Transaction {}
}
