package dev.wacrm.core;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jooq.tools.jdbc.DefaultPreparedStatement;
import org.jspecify.annotations.Nullable;

/**
 * A statement with queries ahead of it, such as the prelude, and perhaps one behind it, in one
 * text. Callers see its results only. Not thread-safe.
 */
final class ActingStatement extends DefaultPreparedStatement {
  /** In JDBC: neither rows nor a count. */
  private static final int NO_COUNT = -1;

  private final ActingConnection connection;
  private final int queriesAhead;
  private final boolean carriesPrelude;
  private final boolean restores;

  /** The result at hand is that of the query behind the statement. */
  private boolean ended;

  /**
   * For a text that is prepared.
   *
   * @param restores whether the last query is {@link Prelude#restore()}
   */
  ActingStatement(
      PreparedStatement delegate,
      ActingConnection connection,
      int queriesAhead,
      boolean carriesPrelude,
      boolean restores) {
    super(delegate);
    this.connection = connection;
    this.queriesAhead = queriesAhead;
    this.carriesPrelude = carriesPrelude;
    this.restores = restores;
  }

  @Override
  public boolean execute() throws SQLException {
    ended = false;
    try {
      getDelegatePreparedStatement().execute();
    } catch (SQLException e) {
      throw carriesPrelude ? connection.explain(e) : e;
    }
    connection.hasActed();
    boolean rows = true;
    for (int i = 0; i < queriesAhead; i++) {
      rows = getDelegatePreparedStatement().getMoreResults();
    }
    return isCallers(rows);
  }

  /** How many results the statement itself has is not known: a caller's SQL may be several. */
  private boolean isCallers(boolean rows) throws SQLException {
    if (rows && restores) {
      ResultSet result = getDelegatePreparedStatement().getResultSet();
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

  /** The driver reads rows in portions only within a transaction. */
  @Override
  public void setFetchSize(int rows) throws SQLException {
    if (rows <= 0 || connection.allowPortions()) {
      super.setFetchSize(rows);
    }
  }

  @Override
  public void addBatch() throws SQLException {
    throw new SQLException(
        "A statement that carries the prelude is run once.", SqlStates.FEATURE_NOT_SUPPORTED);
  }
}
