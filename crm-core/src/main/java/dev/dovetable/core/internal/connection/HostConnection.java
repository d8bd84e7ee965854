package dev.dovetable.core.internal.connection;

import dev.dovetable.schema.internal.jdbc.SqlStates;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;

/**
 * A connection in the middle of a transaction of the host's, which goes on as the host between the
 * scopes' statements: each one carries the prelude in front of it and what takes it back behind it,
 * in one round trip. When it fails, so does what is behind it: the prelude is then taken back by
 * the rollback, be it of the transaction or to a savepoint of the host's, that has to come first.
 *
 * <p>Never commits and never rolls back, except to its own savepoints. Not thread-safe.
 */
public final class HostConnection extends ActingConnection {
  private final ConnectionSource source;

  /** The prelude has run by itself, for statements that can't carry it. */
  private boolean acting;

  HostConnection(Connection connection, ConnectionSource source, Prelude prelude)
      throws SQLException {
    super(connection, prelude);
    this.source = source;
  }

  /** Row level security would look at the host's role when it reads the second portion. */
  @Override
  boolean allowPortions() {
    return false;
  }

  @Override
  Envelope envelope(String sql, List<String> first) {
    List<String> texts = new ArrayList<>();
    if (!acting) {
      texts.addAll(prelude().savingQueries());
    }
    texts.addAll(first);
    int ahead = texts.size();
    texts.add(sql);
    if (!acting) {
      texts.add(Prelude.restore());
    }
    return new Envelope(Envelope.join(texts), ahead, !acting, false, !acting);
  }

  @Override
  void runs(Envelope envelope) {}

  @Override
  void hasRun(Envelope envelope) throws SQLException {
    rest();
  }

  /** There is nothing to be asked in a transaction that has failed. */
  @Override
  SQLException hasFailed(Envelope envelope, SQLException failure) {
    try {
      rest();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  @Override
  void rest() throws SQLException {
    if (!acting) {
      return;
    }
    acting = false;
    try {
      Prelude.run(getDelegate(), List.of(Prelude.restore()));
    } catch (SQLException e) {
      // A statement has failed before, and its exception is on its way.
      if (!SqlStates.IN_FAILED_TRANSACTION.equals(e.getSQLState())) {
        throw e;
      }
    }
  }

  @Override
  void giveBack() throws SQLException {
    if (hasFailed()) {
      source.markFailed();
    }
    try {
      rest();
    } finally {
      source.giveBack(getDelegate());
    }
  }

  @Override
  Connection acting() throws SQLException {
    if (!acting) {
      Prelude.run(getDelegate(), prelude().savingQueries());
      acting = true;
    }
    return getDelegate();
  }

  @Override
  public PreparedStatement prepareStatement(String sql) throws SQLException {
    List<String> first = takeSingle();
    if (first == null || (acting && first.isEmpty())) {
      return acting().prepareStatement(sql);
    }
    return new ActingStatement(this, sql, first);
  }

  @Override
  public void commit() throws SQLException {
    throw hosts("committed");
  }

  @Override
  public void rollback() throws SQLException {
    throw hosts("rolled back");
  }

  /** As the host: rolling back to it must not bring the actor back. */
  @Override
  public Savepoint setSavepoint() throws SQLException {
    rest();
    return super.setSavepoint();
  }

  @Override
  public Savepoint setSavepoint(String name) throws SQLException {
    rest();
    return super.setSavepoint(name);
  }

  @Override
  public void rollback(Savepoint savepoint) throws SQLException {
    super.rollback(savepoint);
    acting = false;
    markSound();
  }

  private static SQLException hosts(String what) {
    return new SQLFeatureNotSupportedException(
        "The transaction is the host's, and can't be " + what + " in a scope.");
  }
}
