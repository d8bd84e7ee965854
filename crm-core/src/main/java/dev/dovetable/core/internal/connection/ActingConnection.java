package dev.dovetable.core.internal.connection;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection on which every statement runs as one actor, and which goes back as it came. A single
 * statement travels with the prelude in front of it, in one round trip.
 *
 * <p>Not thread-safe, like every connection.
 */
public abstract sealed class ActingConnection extends GuardedConnection
    permits HostConnection, OwnConnection {
  private final Prelude prelude;

  /** What is prepared next is one statement, with these queries ahead of it; else null. */
  private @Nullable List<String> single;

  private boolean failed;

  ActingConnection(Connection connection, Prelude prelude) throws SQLException {
    super(connection);
    this.prelude = prelude;
  }

  /**
   * What the driver is given to run a statement: texts before and behind it, in one.
   *
   * @param isTransaction whether it begins and ends with one
   * @param restores whether the last text is {@link Prelude#restore()}
   */
  record Envelope(
      String text,
      int resultsAhead,
      boolean carriesPrelude,
      boolean isTransaction,
      boolean restores) {

    /** On lines of their own, because a text may end with a comment. */
    static String join(List<String> texts) {
      return String.join("\n;\n", texts);
    }
  }

  abstract Envelope envelope(String sql, List<String> first);

  final PreparedStatement prepare(Envelope envelope) throws SQLException {
    return getDelegate().prepareStatement(envelope.text());
  }

  final Prelude prelude() {
    return prelude;
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

  /**
   * To be called before a statement is prepared that is run once, and not as a batch.
   *
   * @param first queries to run ahead of it in the same round trip
   */
  final void expectSingle(List<String> first) {
    single = first;
  }

  /** What {@link #expectSingle} was told since the last statement; else null. */
  final @Nullable List<String> takeSingle() {
    List<String> first = single;
    single = null;
    return first;
  }

  /** Whether row level security lets it pass. */
  final boolean actsAsService() {
    return prelude().actsAsService();
  }

  /**
   * Sees to it that the driver can read rows in portions, which takes a transaction.
   *
   * @return false if all rows have to be read at once
   */
  abstract boolean allowPortions() throws SQLException;

  /** It is about to be run. */
  abstract void runs(Envelope envelope);

  abstract void hasRun(Envelope envelope) throws SQLException;

  /** Puts an end to what it has begun, and tells why it failed: perhaps because of the prelude. */
  abstract SQLException hasFailed(Envelope envelope, SQLException failure) throws SQLException;

  /** Between two statements that may not be the last ones. */
  abstract void rest() throws SQLException;

  /** After the last statement: exactly as it came. */
  abstract void giveBack() throws SQLException;

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return type == ActingConnection.class || super.isWrapperFor(type);
  }

  /** Whoever asks for the driver's own connection gets it acting, too. */
  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return type == ActingConnection.class ? type.cast(this) : acting().unwrap(type);
  }
}
