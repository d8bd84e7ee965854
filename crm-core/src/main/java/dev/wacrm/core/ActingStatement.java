package dev.wacrm.core;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jooq.tools.jdbc.DefaultPreparedStatement;

/**
 * A statement with the prelude in front of it, in one text. Callers see the results of what comes
 * after the prelude. Not thread-safe.
 */
final class ActingStatement extends DefaultPreparedStatement {
  private final ActingConnection connection;

  ActingStatement(PreparedStatement delegate, ActingConnection connection) {
    super(delegate);
    this.connection = connection;
  }

  @Override
  public boolean execute() throws SQLException {
    try {
      getDelegatePreparedStatement().execute();
    } catch (SQLException e) {
      throw connection.explain(e);
    }
    connection.hasActed();
    return getDelegatePreparedStatement().getMoreResults();
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
