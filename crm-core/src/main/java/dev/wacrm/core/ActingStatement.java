package dev.wacrm.core;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jooq.tools.jdbc.DefaultPreparedStatement;

/**
 * A statement with queries ahead of it, such as the prelude, in one text. Callers see its results
 * only. Not thread-safe.
 */
final class ActingStatement extends DefaultPreparedStatement {
  private final ActingConnection connection;
  private final int queriesAhead;
  private final boolean carriesPrelude;

  ActingStatement(
      PreparedStatement delegate,
      ActingConnection connection,
      int queriesAhead,
      boolean carriesPrelude) {
    super(delegate);
    this.connection = connection;
    this.queriesAhead = queriesAhead;
    this.carriesPrelude = carriesPrelude;
  }

  @Override
  public boolean execute() throws SQLException {
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
    return rows;
  }

  @Override
  public ResultSet executeQuery() throws SQLException {
    if (!execute()) {
      throw new SQLException("The statement gives no rows.", SqlStates.NO_DATA);
    }
    return getResultSet();
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
    if (rows > 0) {
      connection.beginTransaction();
    }
    super.setFetchSize(rows);
  }

  @Override
  public void addBatch() throws SQLException {
    throw new SQLException(
        "A statement that carries the prelude is run once.", SqlStates.FEATURE_NOT_SUPPORTED);
  }
}
