package dev.wacrm.core;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;

/**
 * A connection that is in no transaction but those begun here. With autocommit on, the prelude and
 * its statement are one transaction, which leaves nothing behind. (Where the driver would send them
 * one by one, a transaction is begun.) In a transaction, the prelude goes with, or ahead of, its
 * first statement.
 *
 * <p>Not thread-safe, like every connection.
 */
final class OwnConnection extends ActingConnection {
  private final ConnectionSource source;
  private final boolean autoCommitBefore;

  /** Autocommit is off, until {@link #giveBack()}. */
  private boolean inTransaction;

  /** The prelude has run in this transaction. */
  private boolean acting;

  /** A statement of this transaction has failed, and the server was asked why in another one. */
  private boolean aborted;

  private boolean held;

  OwnConnection(Connection pooled, ConnectionSource source, Prelude prelude) throws SQLException {
    super(pooled, prelude);
    this.source = source;
    this.autoCommitBefore = pooled.getAutoCommit();
    if (!autoCommitBefore) {
      pooled.setAutoCommit(true);
    }
  }

  /** For a transaction of the caller's, which lasts longer than a statement. */
  OwnConnection hold() {
    held = true;
    return this;
  }

  @Override
  boolean isHeld() {
    return held;
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
  void hasActed() {
    acting |= inTransaction;
  }

  /**
   * Runs the prelude alone to find out, one round trip or, in a transaction, two. Nothing ran in
   * the transaction before, so there is nothing to keep.
   */
  @Override
  SQLException explain(SQLException failure) throws SQLException {
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
      throw Errors.preludeFailed(e, getDelegate(), prelude().role());
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
    if (!sendsInOneFlush()) {
      runAhead(first);
      return acting().prepareStatement(sql);
    }
    requireNotAborted();
    List<String> all = new ArrayList<>(first);
    if (!acting) {
      all.addAll(0, prelude().queries());
    }
    all.add(sql);
    // One text, which the driver sends in one flush.
    return new ActingStatement(
        getDelegate().prepareStatement(String.join(";\n", all)),
        this,
        all.size() - 1,
        !acting,
        false);
  }
}
