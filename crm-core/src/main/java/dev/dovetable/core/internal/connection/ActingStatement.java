package dev.dovetable.core.internal.connection;

import dev.dovetable.core.internal.connection.ActingConnection.Envelope;
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

  private final ActingConnection connection;
  private final String sql;
  private final Queries first;
  private Envelope envelope;
  private PreparedStatement prepared;

  /** Of the result at hand, if it has no rows. */
  private long count = NO_COUNT;

  /** The result at hand is that of the query behind the statement. */
  private boolean ended;

  /** The driver is one result further, because only the last one is the COMMIT's. */
  private boolean lookedAhead;

  private boolean rowsAhead;

  ActingStatement(ActingConnection connection, String sql, Queries first) throws SQLException {
    super(null);
    this.connection = connection;
    this.sql = sql;
    this.first = first;
    this.envelope = connection.envelope(sql, first);
    this.prepared = prepare();
  }

  private PreparedStatement prepare() throws SQLException {
    return connection.getDelegate().prepareStatement(envelope.text());
  }

  @Override
  public Statement getDelegateStatement() {
    return prepared;
  }

  @Override
  public boolean execute() throws SQLException {
    ended = false;
    connection.execute(prepared, envelope);
    int ahead = envelope.resultsAhead();
    lookedAhead = ahead == 0;
    rowsAhead = lookedAhead && prepared.getResultSet() != null;
    for (int i = 1; i < ahead; i++) {
      prepared.getMoreResults();
    }
    return getMoreResults();
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
    if (rows && envelope.restores()) {
      ResultSet result = prepared.getResultSet();
      ended = Prelude.RESTORE_LABEL.equals(result.getMetaData().getColumnLabel(1));
    }
    if (envelope.isTransaction() && count != NO_COUNT) {
      rowsAhead = prepared.getMoreResults();
      lookedAhead = true;
      if (!rowsAhead && prepared.getLargeUpdateCount() == NO_COUNT) {
        count = NO_COUNT; // it was the COMMIT's
      }
    }
    return rows && !ended;
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
      envelope = connection.envelope(sql, first);
      prepared = prepare();
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
