package dev.wacrm.core;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jooq.ConnectionProvider;
import org.jspecify.annotations.Nullable;

/**
 * The library's only way to the {@link DataSource}: each connection acts as somebody from its first
 * statement on, and goes back as it came. A statement outside a transaction is one of its own.
 * Thread-safe.
 */
final class ActorConnections implements ConnectionProvider {
  private final DataSource dataSource;
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
  ActorConnections(DataSource dataSource, Supplier<Actor> actor, boolean readOnly) {
    this.dataSource = dataSource;
    this.actor = actor;
    this.readOnly = readOnly;
  }

  @Override
  public ActingConnection acquire() {
    Prelude prelude = prelude(actor.get());
    Connection pooled;
    try {
      pooled = dataSource.getConnection();
    } catch (SQLException | RuntimeException e) {
      // Some pools throw unchecked exceptions when they can't be filled.
      throw Errors.noConnection(e);
    }
    try {
      return new ActingConnection(pooled, prelude);
    } catch (SQLException e) {
      try (pooled) {
        throw Errors.noConnection(e);
      } catch (SQLException closing) {
        throw Errors.noConnection(e);
      }
    }
  }

  private Prelude prelude(Actor now) {
    Known latest = known;
    if (latest == null || !latest.actor().equals(now)) {
      latest = new Known(now, Prelude.of(now, readOnly));
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
