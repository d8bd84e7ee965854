package dev.dovetable.core.internal.connection;

import dev.dovetable.core.internal.connection.ActingStatement.Envelope;
import dev.dovetable.core.internal.sql.SqlErrors;
import dev.dovetable.schema.errors.CrmException;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Savepoint;
import java.sql.Statement;
import org.jooq.tools.jdbc.DefaultConnection;
import org.jspecify.annotations.Nullable;

/**
 * A connection on which every statement runs as one actor, and which goes back as it came: callers
 * change nothing that the pool would get back. A single statement travels with the prelude in front
 * of it, in one round trip.
 *
 * <p>Not thread-safe, like every connection.
 */
public abstract sealed class ActingConnection extends DefaultConnection
    permits HostConnection, OwnConnection {
  final Prelude prelude;

  /** Both are others from the moment that the agent turns out to be in another database. */
  ConnectionSource source;

  Connection taken;

  /** The prelude has run and holds for what is run next. */
  boolean preludeHolds;

  /** What is prepared next is one statement; else null. */
  private @Nullable Single single;

  final CallersSql callers = new CallersSql();

  private boolean hasRunCallers;

  /** Besides that of each statement itself, since they were taken last. */
  private int roundTrips;

  private boolean failed;

  ActingConnection(Connection taken, ConnectionSource source, Prelude prelude) {
    super(taken);
    this.taken = taken;
    this.source = source;
    this.prelude = prelude;
  }

  @Override
  public final Connection getDelegate() {
    return taken;
  }

  /**
   * A statement that is run once, and not as a batch.
   *
   * @param first queries to run ahead of it in the same round trip
   * @param isCallers whether it may be anybody's SQL
   */
  record Single(Queries first, boolean isCallers) {}

  abstract Envelope envelope(String sql, Single statement) throws SQLException;

  /**
   * Runs a statement in its envelope. If it fails, puts an end to what it has begun, and throws why
   * it failed: perhaps because of the prelude.
   */
  abstract void execute(PreparedStatement prepared, Envelope envelope) throws SQLException;

  /** The connection that was taken, for a round trip besides the statement's. */
  final Connection onTrip() {
    roundTrips++;
    return getDelegate();
  }

  final int takeRoundTrips() {
    int taken = roundTrips;
    roundTrips = 0;
    return taken;
  }

  /** Anybody's SQL has run since the last commit, or may have. */
  final void markCallers() {
    hasRunCallers = true;
  }

  final boolean hasRunCallers() {
    return hasRunCallers;
  }

  /** If it has failed as well, the session isn't restored, and may be set to anything. */
  final boolean isSpoilt() {
    return failed && callers.mayHaveEnded();
  }

  /** A transaction has ended. */
  final void forgetCallers() {
    hasRunCallers = false;
  }

  /** What has run since the last commit is not to be committed. */
  final void markFailed() {
    failed = true;
  }

  final void markSound() {
    failed = false;
  }

  final boolean hasFailed() {
    return failed;
  }

  /** What it means that the prelude itself has failed: nothing runs as the actor then. */
  final CrmException preludeFailed(SQLException failure) {
    markFailed();
    return SqlErrors.preludeFailed(failure, getDelegate(), prelude.role(), prelude.subject());
  }

  /** What it means that the transaction isn't the library's any more: nothing runs in it. */
  final CrmException ended() {
    markFailed();
    callers.noteEnd();
    return TransactionGuard.refusal();
  }

  /** To be called before such a statement is prepared. */
  final void expect(Single statement) {
    single = statement;
  }

  /**
   * Sees to it that the driver can read rows in portions, which takes a transaction.
   *
   * @return false if all rows have to be read at once
   */
  abstract boolean allowPortions() throws SQLException;

  /** Between two statements that may not be the last ones: a host's transaction is the host's. */
  abstract void returnToHost() throws SQLException;

  /** After the last statement: exactly as it came. */
  abstract void giveBack() throws SQLException;

  /** The connection that was taken, in a transaction that runs as the actor. */
  abstract Connection asActor() throws SQLException;

  @Override
  public final PreparedStatement prepareStatement(String sql) throws SQLException {
    Single statement = single;
    single = null;
    if (statement == null) {
      Connection acting = asActor();
      callers.noteOne(sql);
      return acting.prepareStatement(sql);
    }
    boolean isGuarded = callers.isUnsure();
    if (statement.isCallers()) {
      hasRunCallers = true;
      callers.note(sql);
    }
    if (preludeHolds && statement.first().isEmpty() && !isGuarded) {
      return getDelegate().prepareStatement(sql);
    }
    return new ActingStatement(this, sql, statement);
  }

  /** To somebody whose statements aren't seen. */
  private Connection handedOut() throws SQLException {
    Connection acting = asActor();
    callers.noteUnseen();
    return acting;
  }

  @Override
  public void rollback(Savepoint savepoint) throws SQLException {
    super.rollback(savepoint);
    markSound();
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return type == ActingConnection.class || super.isWrapperFor(type);
  }

  /** Whoever asks for the driver's own connection gets it acting, too. */
  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return type == ActingConnection.class ? type.cast(this) : handedOut().unwrap(type);
  }

  @Override
  public void setAutoCommit(boolean autoCommit) throws SQLException {
    if (autoCommit) {
      throw fixed("autocommit");
    }
  }

  @Override
  public void setReadOnly(boolean readOnly) throws SQLException {
    throw fixed("the read-only flag");
  }

  @Override
  public void setTransactionIsolation(int level) throws SQLException {
    throw fixed("the isolation level");
  }

  @Override
  public void setSchema(String schema) throws SQLException {
    throw fixed("the search path");
  }

  @Override
  public void setHoldability(int holdability) throws SQLException {
    throw fixed("holdability");
  }

  /** The pool gets the connection back when jOOQ releases it, not earlier. */
  @Override
  public void close() {}

  @Override
  public DatabaseMetaData getMetaData() throws SQLException {
    return ActingMetaData.of(this, getDelegate().getMetaData());
  }

  private static SQLException fixed(String what) {
    return new SQLFeatureNotSupportedException(
        what + " can't be changed on a scope's connection: it goes back to the pool as it came");
  }

  @Override
  public Statement createStatement() throws SQLException {
    return handedOut().createStatement();
  }

  @Override
  public Statement createStatement(int type, int concurrency) throws SQLException {
    return handedOut().createStatement(type, concurrency);
  }

  @Override
  public Statement createStatement(int type, int concurrency, int holdability) throws SQLException {
    return handedOut().createStatement(type, concurrency, holdability);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency)
      throws SQLException {
    return handedOut().prepareStatement(sql, type, concurrency);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
      throws SQLException {
    return handedOut().prepareStatement(sql, type, concurrency, holdability);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int autoGeneratedKeys) throws SQLException {
    return handedOut().prepareStatement(sql, autoGeneratedKeys);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int[] columnIndexes) throws SQLException {
    return handedOut().prepareStatement(sql, columnIndexes);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, String[] columnNames) throws SQLException {
    return handedOut().prepareStatement(sql, columnNames);
  }

  @Override
  public CallableStatement prepareCall(String sql) throws SQLException {
    return handedOut().prepareCall(sql);
  }

  @Override
  public CallableStatement prepareCall(String sql, int type, int concurrency) throws SQLException {
    return handedOut().prepareCall(sql, type, concurrency);
  }

  @Override
  public CallableStatement prepareCall(String sql, int type, int concurrency, int holdability)
      throws SQLException {
    return handedOut().prepareCall(sql, type, concurrency, holdability);
  }
}
