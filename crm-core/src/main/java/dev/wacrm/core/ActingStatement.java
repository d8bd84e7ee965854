package dev.wacrm.core;

import dev.wacrm.core.ActingConnection.Envelope;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jooq.tools.jdbc.DefaultPreparedStatement;
import org.jspecify.annotations.Nullable;

/** A statement in an {@link Envelope}. Callers see its own results only. Not thread-safe. */
final class ActingStatement extends DefaultPreparedStatement {
  /** In JDBC: neither rows nor a count. */
  private static final int NO_COUNT = -1;

  private final ActingConnection connection;
  private final String sql;
  private final List<String> first;
  private Envelope envelope;
  private PreparedStatement prepared;

  /** The result at hand is that of the query behind the statement. */
  private boolean ended;

  ActingStatement(ActingConnection connection, String sql, List<String> first) throws SQLException {
    super(null);
    this.connection = connection;
    this.sql = sql;
    this.first = first;
    this.envelope = connection.envelope(sql, first);
    this.prepared = connection.prepare(envelope);
  }

  @Override
  public Statement getDelegateStatement() {
    return prepared;
  }

  @Override
  public boolean execute() throws SQLException {
    ended = false;
    connection.runs(envelope);
    try {
      prepared.execute();
    } catch (SQLException e) {
      throw connection.hasFailed(envelope, e);
    }
    connection.hasRun(envelope);
    boolean rows = true;
    for (int i = 0; i < envelope.resultsAhead(); i++) {
      rows = prepared.getMoreResults();
    }
    return isCallers(rows);
  }

  /** How many results the statement itself has is not known: a caller's SQL may be several. */
  private boolean isCallers(boolean rows) throws SQLException {
    if (rows && envelope.restores()) {
      ResultSet result = prepared.getResultSet();
      ended = Prelude.restoreLabel().equals(result.getMetaData().getColumnLabel(1));
    }
    return rows && !ended;
  }

  @Override
  public boolean getMoreResults() throws SQLException {
    return !ended && isCallers(super.getMoreResults());
  }

  @Override
  public boolean getMoreResults(int current) throws SQLException {
    return !ended && isCallers(super.getMoreResults(current));
  }

  @Override
  public @Nullable ResultSet getResultSet() throws SQLException {
    return ended ? null : super.getResultSet();
  }

  @Override
  public int getUpdateCount() throws SQLException {
    return ended ? NO_COUNT : super.getUpdateCount();
  }

  @Override
  public long getLargeUpdateCount() throws SQLException {
    return ended ? NO_COUNT : super.getLargeUpdateCount();
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
    execute();
    return getUpdateCount();
  }

  @Override
  public long executeLargeUpdate() throws SQLException {
    execute();
    return getLargeUpdateCount();
  }

  /** To be called before values are bound. The driver reads portions within a transaction only. */
  @Override
  public void setFetchSize(int rows) throws SQLException {
    if (rows > 0 && !connection.allowPortions()) {
      return;
    }
    if (rows > 0 && envelope.isTransaction()) {
      prepared.close();
      envelope = connection.envelope(sql, first);
      prepared = connection.prepare(envelope);
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
