package dev.wacrm.core;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pooled connection on which every statement runs as one actor: in a transaction that begins with
 * the prelude. A single statement travels with all of its transaction in one round trip.
 *
 * <p>The transaction is an explicit one, with autocommit off. What the driver sends in one flush
 * would be one transaction without it, but the driver decides what is sent in one flush: it sends
 * texts one by one in simple query mode, and apart from each other when it expects a long answer.
 * The statement would then run as whoever has logged in.
 *
 * <p>Not thread-safe, like every connection.
 */
final class ActingConnection extends GuardedConnection {
  private final Prelude prelude;
  private final boolean autoCommitBefore;

  /** Autocommit is off, until {@link #giveBack()}. */
  private boolean inTransaction;

  /** The prelude has run in this transaction. */
  private boolean acting;

  /** What is prepared next is one statement, with these queries ahead of it; else null. */
  private @Nullable List<String> single;

  /** A statement of this transaction has failed, and the server was asked why in another one. */
  private boolean aborted;

  private boolean failed;
  private boolean held;

  ActingConnection(Connection pooled, Prelude prelude) throws SQLException {
    super(pooled);
    this.prelude = prelude;
    this.autoCommitBefore = pooled.getAutoCommit();
  }

  /** For a transaction of the caller's, which lasts longer than a statement. */
  ActingConnection hold() {
    held = true;
    return this;
  }

  boolean isHeld() {
    return held;
  }

  /** What has run since the last commit is not to be committed. */
  void markFailed() {
    failed = true;
  }

  boolean hasFailed() {
    return failed;
  }

  /**
   * To be called before a statement is prepared that is run once, and not as a batch.
   *
   * @param first queries to run ahead of it in the same round trip
   */
  void expectSingle(List<String> first) {
    single = first;
  }

  /** From here on to the next commit or rollback, statements belong together. */
  void beginTransaction() throws SQLException {
    if (!inTransaction) {
      getDelegate().setAutoCommit(false);
      inTransaction = true;
    }
  }

  /** The prelude has run, in a transaction that goes on. */
  void hasActed() {
    acting = true;
  }

  /**
   * Why the statement that carried the prelude failed: perhaps because of the prelude. Runs that
   * alone to find out, in two round trips. Nothing ran in the transaction before, so there is
   * nothing to keep.
   */
  SQLException explain(SQLException failure) throws SQLException {
    String state = failure.getSQLState();
    if (!SqlStates.INSUFFICIENT_PRIVILEGE.equals(state)
        && !SqlStates.INVALID_PARAMETER.equals(state)) {
      return failure;
    }
    getDelegate().rollback();
    aborted = true;
    runPrelude();
    return failure;
  }

  /** Ends the transaction and returns the connection to the pool exactly as it came. */
  void giveBack() throws SQLException {
    try (Connection pooled = getDelegate()) {
      try {
        if (inTransaction) {
          if (failed) {
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
      }
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
      prelude.run(getDelegate());
    } catch (SQLException e) {
      failed = true;
      throw Errors.preludeFailed(e, getDelegate(), prelude.role());
    }
  }

  @Override
  public void commit() throws SQLException {
    requireNotAborted();
    if (failed) {
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
    failed = false;
  }

  @Override
  public void rollback(Savepoint savepoint) throws SQLException {
    super.rollback(savepoint);
    failed = false;
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
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return type == ActingConnection.class || super.isWrapperFor(type);
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return type == ActingConnection.class ? type.cast(this) : super.unwrap(type);
  }

  @Override
  public PreparedStatement prepareStatement(String sql) throws SQLException {
    List<String> first = single;
    single = null;
    if (first == null || (acting && first.isEmpty())) {
      return acting().prepareStatement(sql);
    }
    requireNotAborted();
    beginTransaction();
    List<String> ahead = new ArrayList<>(first);
    if (!acting) {
      ahead.add(0, prelude.text());
    }
    return acting || held
        ? ActingStatement.prepare(this, ahead, sql, !acting)
        : ActingStatement.prepareAndCommit(this, ahead, sql);
  }
}
