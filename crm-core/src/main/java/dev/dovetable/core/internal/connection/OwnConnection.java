package dev.dovetable.core.internal.connection;

import dev.dovetable.core.internal.connection.ActingStatement.Ending;
import dev.dovetable.core.internal.connection.ActingStatement.Envelope;
import dev.dovetable.core.internal.sql.ServerRoutines;
import dev.dovetable.schema.internal.jdbc.SqlStates;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is in no transaction but those begun here. A single statement travels with
 * BEGIN, the prelude and COMMIT around it, and leaves nothing behind. In a transaction, the prelude
 * goes with, or ahead of, its first statement.
 *
 * <p>BEGIN and COMMIT are what makes this safe. Without them, too, the texts of one flush are one
 * transaction, but not all that the driver is given at once is one flush: pgjdbc sends each text
 * apart in its simple query mode, and elsewhere from the moment that it has asked the server for
 * the types of the statement's parameters. The statement would run as the login then.
 *
 * <p>Not thread-safe, like every connection.
 */
public final class OwnConnection extends ActingConnection {
  boolean autoCommitBefore;

  /** Autocommit is off, until {@link #giveBack()}. */
  boolean inTransaction;

  /** A statement of this transaction has failed, and the server was asked why in another one. */
  private boolean aborted;

  /** A single statement has begun its transaction, and nothing tells that it has ended it. */
  boolean unfinished;

  /** What the state is sealed with in this transaction; null before its prelude. */
  private @Nullable String secret;

  OwnConnection(
      Connection pooled, boolean autoCommitBefore, ConnectionSource source, Prelude prelude)
      throws SQLException {
    super(pooled, source, prelude);
    this.autoCommitBefore = autoCommitBefore;
    if (!autoCommitBefore) {
      pooled.setAutoCommit(true);
    }
  }

  @Override
  boolean allowPortions() throws SQLException {
    beginTransaction();
    return true;
  }

  /** From here on to the next commit or rollback, statements belong together. */
  void beginTransaction() throws SQLException {
    if (!inTransaction) {
      getDelegate().setAutoCommit(false);
      inTransaction = true;
    }
  }

  @Override
  Envelope envelope(String sql, Single statement) throws SQLException {
    requireNotAborted();
    Queries first = statement.first();
    if (preludeHolds) {
      Queries guarded = callers.isUnsure() ? prelude.guard().then(first) : first;
      return new Envelope(guarded.before(sql), guarded.count(), false, null, Ending.NOTHING);
    }
    Queries ahead = prelude.queries().then(first);
    if (inTransaction) {
      // What comes later in the transaction may be the caller's.
      ahead = SavedState.OWN.save().then(ahead);
      secret = SavedState.secret();
      return new Envelope(ahead.before(sql), ahead.count(), true, secret, Ending.NOTHING);
    }
    // As the driver begins its own transactions on a connection that is flagged as read-only.
    String begin = getDelegate().isReadOnly() ? "begin read only" : "begin";
    if (!statement.isCallers()) {
      return new Envelope(
          ahead.asTransaction(begin, sql), 1 + ahead.count(), true, null, Ending.COMMIT);
    }
    ahead = SavedState.OWN.save().then(ahead);
    return new Envelope(
        ahead.asTransaction(begin, sql, SavedState.OWN.restore()),
        1 + ahead.count(),
        true,
        SavedState.secret(),
        Ending.RESTORE_AND_COMMIT);
  }

  @Override
  void execute(PreparedStatement prepared, Envelope envelope) throws SQLException {
    for (boolean first = true; !isExecuted(prepared, envelope, first); first = false) {
      Connection again = onTrip();
      if (inTransaction) {
        again.rollback();
      }
    }
    unfinished = false;
    preludeHolds |= inTransaction && envelope.carriesPrelude();
  }

  /** False if nothing has been done, neither now nor earlier in the transaction. */
  private boolean isExecuted(PreparedStatement prepared, Envelope envelope, boolean first)
      throws SQLException {
    unfinished = envelope.isTransaction();
    try {
      prepared.execute();
      return true;
    } catch (SQLException failure) {
      if (TransactionGuard.hasRefused(failure)) {
        throw ended();
      }
      boolean ended = !unfinished || endTransaction(failure);
      if (!ended || !envelope.carriesPrelude()) {
        throw failure;
      }
      if (first && ServerRoutines.isStaleStatement(failure)) {
        return false;
      }
      throw explain(failure);
    }
  }

  /** False if that failed, too. */
  private boolean endTransaction(SQLException failure) {
    try {
      Prelude.run(onTrip(), "rollback");
      unfinished = false;
      return true;
    } catch (SQLException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  /**
   * Runs the prelude alone to find out, one round trip or, in a transaction, two. Nothing ran in
   * the transaction before, so there is nothing to keep.
   */
  private SQLException explain(SQLException failure) throws SQLException {
    String state = failure.getSQLState();
    if (!SqlStates.INSUFFICIENT_PRIVILEGE.equals(state)
        && !SqlStates.INVALID_PARAMETER.equals(state)) {
      return failure;
    }
    if (inTransaction) {
      onTrip().rollback();
      aborted = true;
    }
    try {
      Prelude.run(onTrip(), prelude.queries().text());
    } catch (SQLException e) {
      throw preludeFailed(e);
    }
    return failure;
  }

  @Override
  void returnToHost() {} // role and claims end with the transaction

  /** Ends the transaction. */
  @Override
  void giveBack() throws SQLException {
    Connection pooled = getDelegate();
    try {
      if (unfinished || isSpoilt()) {
        pooled.abort(Runnable::run);
        return;
      }
      if (inTransaction) {
        if (hasFailed()) {
          pooled.rollback();
        } else {
          commitUnlessAborted();
        }
      }
      if (pooled.getAutoCommit() != autoCommitBefore) {
        pooled.setAutoCommit(autoCommitBefore);
      }
    } catch (SQLException e) {
      // Better no connection than one with an open transaction and another role.
      pooled.abort(Runnable::run);
      throw e;
    } finally {
      source.giveBack(pooled);
    }
  }

  /** A caller who swallows the exception of a statement has aborted it. */
  private void commitUnlessAborted() throws SQLException {
    try {
      commitTransaction();
    } catch (SQLException e) {
      if (!SqlStates.IN_FAILED_TRANSACTION.equals(e.getSQLState())) {
        throw e;
      }
      getDelegate().rollback();
    }
  }

  @Override
  Connection asActor() throws SQLException {
    requireNotAborted();
    beginTransaction();
    if (!preludeHolds) {
      enter();
      preludeHolds = true;
      callers.markSeen();
    } else if (callers.isSuspicious()) {
      if (!TransactionGuard.passes(onTrip(), prelude.guard())) {
        throw ended();
      }
      callers.markSeen();
    }
    markCallers();
    return getDelegate();
  }

  private void enter() {
    secret = SavedState.secret();
    try {
      SavedState.OWN.save(onTrip(), prelude.queries(), secret);
    } catch (SQLException e) {
      if (!ActorConnections.follow(this, e, true)) {
        throw preludeFailed(e);
      }
      enter();
    }
  }

  private void requireNotAborted() throws SQLException {
    if (aborted) {
      throw new SQLException(
          "A statement of this transaction has failed before.", SqlStates.IN_FAILED_TRANSACTION);
    }
  }

  @Override
  public void commit() throws SQLException {
    requireNotAborted();
    if (hasFailed()) {
      // The server would answer COMMIT with a rollback, and the driver wouldn't tell.
      throw new SQLException("a statement failed before", SqlStates.IN_FAILED_TRANSACTION);
    }
    if (inTransaction) {
      commitTransaction();
    }
    preludeHolds = false;
  }

  /** In one round trip. */
  private void commitTransaction() throws SQLException {
    boolean isSame = true;
    if (hasRunCallers() && secret != null) {
      isSame = SavedState.OWN.restoreAndCommit(getDelegate(), secret);
      callers.markRestored();
    } else {
      getDelegate().commit();
    }
    forgetCallers();
    callers.markSeen();
    secret = null;
    if (!isSame) {
      throw TransactionGuard.refusal();
    }
  }

  @Override
  public void rollback() throws SQLException {
    if (inTransaction) {
      super.rollback();
    }
    preludeHolds = false;
    aborted = false;
    forgetCallers();
    callers.markSeen();
    secret = null;
    markSound();
  }

  /** Rolling back to a savepoint undoes local settings made after it, so they are made before. */
  @Override
  public Savepoint setSavepoint() throws SQLException {
    asActor();
    return super.setSavepoint();
  }

  @Override
  public Savepoint setSavepoint(String name) throws SQLException {
    asActor();
    return super.setSavepoint(name);
  }
}
