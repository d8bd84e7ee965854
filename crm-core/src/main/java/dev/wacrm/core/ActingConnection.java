package dev.wacrm.core;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pooled connection on which every statement runs as one actor. A single statement travels with
 * BEGIN, the prelude and COMMIT around it, in one round trip, and leaves nothing behind. In a
 * transaction, the prelude goes with, or ahead of, its first statement.
 *
 * <p>BEGIN and COMMIT are what makes this safe. Without them, too, the texts of one flush are one
 * transaction, but not all that the driver is given at once is one flush: pgjdbc sends each text
 * apart in its simple query mode, and elsewhere from the moment that it has asked the server for
 * the types of the statement's parameters. The statement would run as the login then.
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

  /** A single statement has begun its transaction, and nothing tells that it has ended it. */
  private boolean unfinished;

  ActingConnection(Connection pooled, Prelude prelude) throws SQLException {
    super(pooled);
    this.prelude = prelude;
    this.autoCommitBefore = pooled.getAutoCommit();
    if (!autoCommitBefore) {
      pooled.setAutoCommit(true);
    }
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

  /** What the driver is given to run a statement: texts before and behind it, in one. */
  record Envelope(String text, int resultsAhead, boolean carriesPrelude, boolean isTransaction) {}

  Envelope envelope(String sql, List<String> first) {
    List<String> parts = new ArrayList<>(first);
    if (!acting) {
      parts.add(0, prelude.text());
    }
    if (!inTransaction) {
      parts.add(0, "begin");
    }
    int ahead = parts.size();
    parts.add(sql);
    if (!inTransaction) {
      parts.add("commit");
    }
    // On lines of their own, because a text may end with a comment.
    return new Envelope(String.join("\n;\n", parts), ahead, !acting, !inTransaction);
  }

  void runs(Envelope envelope) {
    unfinished = envelope.isTransaction();
  }

  void hasRun(Envelope envelope) {
    unfinished = false;
    acting |= inTransaction && envelope.carriesPrelude();
  }

  /** Puts an end to what the statement has begun, one round trip, and tells why it failed. */
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
   * Why the statement that carried the prelude failed: perhaps because of the prelude. Runs that
   * alone to find out, one round trip or, in a transaction, two. Nothing ran in the transaction
   * before, so there is nothing to keep.
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

  /** Ends the transaction and returns the connection to the pool exactly as it came. */
  void giveBack() throws SQLException {
    try (Connection pooled = getDelegate()) {
      try {
        if (unfinished) {
          pooled.abort(Runnable::run);
          return;
        }
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
    return new ActingStatement(this, sql, first);
  }

  PreparedStatement prepare(Envelope envelope) throws SQLException {
    return getDelegate().prepareStatement(envelope.text());
  }
}
