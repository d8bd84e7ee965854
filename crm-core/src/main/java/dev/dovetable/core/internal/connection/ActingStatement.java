package dev.dovetable.core.internal.connection;

import dev.dovetable.core.internal.connection.ActingConnection.Single;
import dev.dovetable.schema.internal.jdbc.SqlStates;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jooq.tools.jdbc.DefaultPreparedStatement;
import org.jspecify.annotations.Nullable;

/** A statement in an {@link Envelope}. Callers see its own results only. Not thread-safe. */
public final class ActingStatement extends DefaultPreparedStatement {
  /** In JDBC: neither rows nor a count. */
  private static final int NO_COUNT = -1;

  /**
   * What the driver is given to run a statement: texts before and behind it, in one.
   *
   * @param secret what {@link SavedState} is sealed with, the first parameter; or null
   * @param ending what is behind the statement
   */
  record Envelope(
      String text,
      int resultsAhead,
      boolean carriesPrelude,
      @Nullable String secret,
      Ending ending) {
    boolean isTransaction() {
      return ending == Ending.COMMIT || ending == Ending.RESTORE_AND_COMMIT;
    }
  }

  enum Ending {
    NOTHING,
    /** {@link SavedState#restore()}. */
    RESTORE,
    COMMIT,
    /** {@link Queries#FIRE_TRIGGERS} ahead of both. */
    RESTORE_AND_COMMIT
  }

  private final ActingConnection connection;
  private final String sql;
  private final Single statement;
  private Envelope envelope;
  private PreparedStatement prepared;

  /** Whose parameters are the statement's own, if that takes more than to hand them on. */
  private @Nullable BoundParameters bound;

  /** Of the result at hand, if it has no rows. */
  private long count = NO_COUNT;

  /** The result at hand is that of the query behind the statement. */
  private boolean ended;

  /** The driver is one result further, because only the last one is the COMMIT's. */
  private boolean lookedAhead;

  private boolean rowsAhead;

  ActingStatement(ActingConnection connection, String sql, Single statement) throws SQLException {
    super(null);
    this.connection = connection;
    this.sql = sql;
    this.statement = statement;
    this.envelope = connection.envelope(sql, statement);
    this.prepared = connection.getDelegate().prepareStatement(envelope.text());
    this.bound = bound();
  }

  private @Nullable BoundParameters bound() {
    boolean mayMove = envelope.carriesPrelude() && connection.source instanceof AgentRoute.Stop;
    int ours = envelope.secret() == null ? 0 : 1;
    return mayMove || ours > 0 ? new BoundParameters(prepared, ours, mayMove) : null;
  }

  @Override
  public Statement getDelegateStatement() {
    return bound == null ? prepared : bound.statement();
  }

  @Override
  public boolean execute() throws SQLException {
    ended = false;
    bindSecret();
    try {
      connection.execute(prepared, envelope);
    } catch (SQLException e) {
      repeatElsewhere(e);
    }
    if (!statement.isCallers()) {
      connection.callers.markSeen();
    }
    int ahead = envelope.resultsAhead();
    lookedAhead = ahead == 0;
    rowsAhead = lookedAhead && prepared.getResultSet() != null;
    for (int i = 1; i < ahead; i++) {
      prepared.getMoreResults();
    }
    return getMoreResults();
  }

  /** The agent isn't here, so nothing has run. */
  private void repeatElsewhere(SQLException refusal) throws SQLException {
    if (bound == null
        || !(connection instanceof OwnConnection own)
        || !ActorConnections.follow(own, refusal, envelope.carriesPrelude())) {
      throw refusal;
    }
    prepared = own.getDelegate().prepareStatement(envelope.text());
    bound.repeatOn(prepared);
    bindSecret();
    own.execute(prepared, envelope);
  }

  private void bindSecret() throws SQLException {
    if (bound != null && envelope.secret() != null) {
      prepared.setString(1, envelope.secret());
      if (envelope.ending() != Ending.NOTHING) {
        prepared.setString(bound.last() + 1, envelope.secret());
      }
    }
  }

  /** How many results the statement itself has is not known: a caller's SQL may be several. */
  @Override
  public boolean getMoreResults() throws SQLException {
    if (ended) {
      return false;
    }
    boolean rows = lookedAhead ? rowsAhead : prepared.getMoreResults();
    lookedAhead = false;
    count = rows ? NO_COUNT : prepared.getLargeUpdateCount();
    if (rows && envelope.ending() == Ending.RESTORE) {
      ended = isRestored();
    }
    if (envelope.isTransaction() && count != NO_COUNT) {
      lookAhead();
    }
    return rows && !ended;
  }

  /** The count at hand is the last one's, and hidden, if what is behind it tells so. */
  private void lookAhead() throws SQLException {
    rowsAhead = prepared.getMoreResults();
    lookedAhead = true;
    if (envelope.ending() == Ending.COMMIT) {
      if (!rowsAhead && prepared.getLargeUpdateCount() == NO_COUNT) {
        count = NO_COUNT; // it was the COMMIT's
      }
    } else if (rowsAhead && isRestored()) {
      count = NO_COUNT; // it was that of the triggers
      ended = true;
    }
  }

  private boolean isRestored() throws SQLException {
    ResultSet result = prepared.getResultSet();
    return SavedState.RESTORED.equals(result.getMetaData().getColumnLabel(1));
  }

  @Override
  public @Nullable ResultSet getResultSet() throws SQLException {
    return ended ? null : super.getResultSet();
  }

  @Override
  public int getUpdateCount() {
    return Math.toIntExact(count);
  }

  @Override
  public long getLargeUpdateCount() {
    return count;
  }

  @Override
  public ResultSet executeQuery() throws SQLException {
    if (!execute()) {
      throw new SQLException("The statement gives no rows.", SqlStates.NO_DATA);
    }
    return super.getResultSet();
  }

  @Override
  public int executeUpdate() throws SQLException {
    return Math.toIntExact(executeLargeUpdate());
  }

  @Override
  public long executeLargeUpdate() throws SQLException {
    execute();
    return count;
  }

  /** To be called before values are bound. The driver reads portions within a transaction only. */
  @Override
  public void setFetchSize(int rows) throws SQLException {
    if (rows > 0 && !connection.allowPortions()) {
      return;
    }
    if (rows > 0 && envelope.isTransaction()) {
      prepared.close();
      envelope = connection.envelope(sql, statement);
      prepared = connection.getDelegate().prepareStatement(envelope.text());
      bound = bound();
    }
    super.setFetchSize(rows);
  }

  @Override
  public ParameterMetaData getParameterMetaData() throws SQLException {
    throw unsupported();
  }

  @Override
  public void addBatch() throws SQLException {
    throw unsupported();
  }

  private static SQLException unsupported() {
    return new SQLException(
        "A statement that carries the prelude is run once, and not described.",
        SqlStates.FEATURE_NOT_SUPPORTED);
  }
}
