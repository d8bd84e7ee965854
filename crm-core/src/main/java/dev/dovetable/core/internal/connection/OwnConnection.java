package dev.dovetable.core.internal.connection;

import dev.dovetable.core.internal.sql.SqlErrors;
import dev.dovetable.schema.internal.jdbc.SqlStates;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

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
  private final ConnectionSource source;
  private final boolean autoCommitBefore;

  /** As the driver begins its own transactions on a connection that is flagged as read-only. */
  private final String begin;

  /** Autocommit is off, until {@link #giveBack()}. */
  private boolean inTransaction;

  /** The prelude has run in this transaction. */
  private boolean acting;

  /** A statement of this transaction has failed, and the server was asked why in another one. */
  private boolean aborted;

  /** A single statement has begun its transaction, and nothing tells that it has ended it. */
  private boolean unfinished;

  OwnConnection(Connection pooled, ConnectionSource source, Prelude prelude) throws SQLException {
    super(pooled, prelude);
    this.source = source;
    this.autoCommitBefore = pooled.getAutoCommit();
    this.begin = pooled.isReadOnly() ? "begin read only" : "begin";
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
  Envelope envelope(String sql, List<String> first) {
    List<String> texts = new ArrayList<>();
    if (!inTransaction) {
      texts.add(begin);
    }
    if (!acting) {
      texts.addAll(prelude().queries());
    }
    texts.addAll(first);
    int ahead = texts.size();
    texts.add(sql);
    if (!inTransaction) {
      texts.add("commit");
    }
    return new Envelope(Envelope.join(texts), ahead, !acting, !inTransaction, false);
  }

  @Override
  void runs(Envelope envelope) {
    unfinished = envelope.isTransaction();
  }

  @Override
  void hasRun(Envelope envelope) {
    unfinished = false;
    acting |= inTransaction && envelope.carriesPrelude();
  }

  @Override
  SQLException hasFailed(Envelope envelope, SQLException failure) throws SQLException {
    if (unfinished) {
      try (Statement rollback = getDelegate().createStatement()) {
        rollback.execute("rollback");
        unfinished = false;
      } catch (SQLException e) {
        failure.addSuppressed(e);
        return failure;
      }
    }
    return envelope.carriesPrelude() ? explain(failure) : failure;
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
      getDelegate().rollback();
      aborted = true;
    }
    runPrelude();
    return failure;
  }

  /** Role and claims end with the transaction. */
  @Override
  void rest() {}

  /** Ends the transaction. */
  @Override
  void giveBack() throws SQLException {
    Connection pooled = getDelegate();
    try {
      if (unfinished) {
        pooled.abort(Runnable::run);
        return;
      }
      if (inTransaction) {
        if (hasFailed()) {
          pooled.rollback();
        } else {
          pooled.commit();
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

  @Override
  Connection acting() throws SQLException {
    requireNotAborted();
    beginTransaction();
    if (!acting) {
      runPrelude();
      acting = true;
    }
    return getDelegate();
  }

  private void requireNotAborted() throws SQLException {
    if (aborted) {
      throw new SQLException(
          "A statement of this transaction has failed before.", SqlStates.IN_FAILED_TRANSACTION);
    }
  }

  private void runPrelude() throws SQLException {
    try {
      Prelude.run(getDelegate(), prelude().queries());
    } catch (SQLException e) {
      markFailed();
      throw SqlErrors.preludeFailed(e, getDelegate(), prelude().role(), prelude().subject());
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
      super.commit();
    }
    acting = false;
  }

  @Override
  public void rollback() throws SQLException {
    if (inTransaction) {
      super.rollback();
    }
    acting = false;
    aborted = false;
    markSound();
  }

  @Override
  public void rollback(Savepoint savepoint) throws SQLException {
    super.rollback(savepoint);
    markSound();
  }

  /** Rolling back to a savepoint undoes local settings made after it, so they are made before. */
  @Override
  public Savepoint setSavepoint() throws SQLException {
    acting();
    return super.setSavepoint();
  }

  @Override
  public Savepoint setSavepoint(String name) throws SQLException {
    acting();
    return super.setSavepoint(name);
  }

  @Override
  public PreparedStatement prepareStatement(String sql) throws SQLException {
    List<String> first = takeSingle();
    if (first == null || (acting && first.isEmpty())) {
      return acting().prepareStatement(sql);
    }
    requireNotAborted();
    return new ActingStatement(this, sql, first);
  }
}
