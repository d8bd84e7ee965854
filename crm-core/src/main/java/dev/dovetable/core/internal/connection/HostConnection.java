package dev.dovetable.core.internal.connection;

import dev.dovetable.core.internal.connection.ActingStatement.Ending;
import dev.dovetable.core.internal.connection.ActingStatement.Envelope;
import dev.dovetable.schema.internal.jdbc.SqlStates;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Savepoint;
import java.util.regex.Pattern;

/**
 * A connection in the middle of a transaction of the host's, which goes on as the host between the
 * scopes' statements: each one carries the prelude in front of it and what takes it back behind it,
 * in one round trip. When it fails, so does what is behind it: the prelude is then taken back by
 * the rollback, be it of the transaction or to a savepoint of the host's, that has to come first.
 *
 * <p>Never commits and never rolls back, except to its own savepoints. Not thread-safe.
 */
public final class HostConnection extends ActingConnection {
  /** What the state is sealed with while the prelude holds. */
  private String secret = "";

  HostConnection(Connection connection, ConnectionSource source, Prelude prelude) {
    super(connection, source, prelude);
  }

  /** Row level security would look at the host's role when it reads the second portion. */
  @Override
  boolean allowPortions() {
    return false;
  }

  @Override
  Envelope envelope(String sql, Single statement) {
    Queries first = statement.first();
    if (preludeHolds) {
      return new Envelope(first.before(sql), first.count(), false, null, Ending.NOTHING);
    }
    SavedState state = state(statement.isCallers());
    Queries ahead = state.save().then(prelude.queries()).then(first);
    return new Envelope(
        ahead.around(sql, state.restore()),
        ahead.count(),
        true,
        SavedState.secret(),
        Ending.RESTORE);
  }

  private SavedState state(boolean isCallers) {
    if (source instanceof ConnectionSource.Transaction) {
      return SavedState.SHARED;
    }
    return isCallers ? SavedState.HOSTS_SESSION : SavedState.HOSTS;
  }

  /** There is nothing to be asked in a transaction that has failed. */
  @Override
  void execute(PreparedStatement prepared, Envelope envelope) throws SQLException {
    try {
      prepared.execute();
    } catch (SQLException failure) {
      try {
        returnToHost();
      } catch (SQLException e) {
        failure.addSuppressed(e);
      }
      if (envelope.carriesPrelude() && isAboutTheRole(failure)) {
        throw preludeFailed(failure);
      }
      throw failure;
    }
    returnToHost();
    if (hasRunCallers()
        && source instanceof ConnectionSource.Transaction
        && TransactionGuard.isOver(onTrip())) {
      throw ended();
    }
  }

  /** Its name stands in the server's words, whatever their language. */
  private boolean isAboutTheRole(SQLException failure) {
    String state = failure.getSQLState();
    return (SqlStates.INSUFFICIENT_PRIVILEGE.equals(state)
            || SqlStates.INVALID_PARAMETER.equals(state))
        && Pattern.compile("\\b" + prelude.role() + "\\b")
            .matcher(String.valueOf(failure.getMessage()))
            .find();
  }

  /** If the prelude has run by itself, for statements that can't carry it. */
  @Override
  void returnToHost() throws SQLException {
    if (!preludeHolds) {
      return;
    }
    preludeHolds = false;
    try {
      state(true).restore(onTrip(), secret);
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
    if (hasRunCallers()) {
      source.markCallers();
    }
    try {
      returnToHost();
    } finally {
      source.giveBack(getDelegate());
    }
  }

  @Override
  Connection asActor() throws SQLException {
    if (!preludeHolds) {
      secret = SavedState.secret();
      try {
        state(true).save(onTrip(), prelude.queries(), secret);
      } catch (SQLException e) {
        throw preludeFailed(e);
      }
      preludeHolds = true;
    }
    markCallers();
    return getDelegate();
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
    returnToHost();
    return super.setSavepoint();
  }

  @Override
  public Savepoint setSavepoint(String name) throws SQLException {
    returnToHost();
    return super.setSavepoint(name);
  }

  @Override
  public void rollback(Savepoint savepoint) throws SQLException {
    super.rollback(savepoint);
    preludeHolds = false;
  }

  private static SQLException hosts(String what) {
    return new SQLFeatureNotSupportedException(
        "The transaction is the host's, and can't be " + what + " in a scope.");
  }
}
