package dev.wacrm.core;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jooq.tools.jdbc.DefaultPreparedStatement;

/**
 * A statement with queries ahead of it, such as the prelude, and, if it is a transaction of its
 * own, with the COMMIT behind it, in one text. Callers see its results only. Not thread-safe.
 */
final class ActingStatement extends DefaultPreparedStatement {
  /** On a line of its own, because what is before may end in a comment. */
  private static final String NEXT = "\n;\n";

  private static final String COMMIT = NEXT + "commit";
  private static final int NO_COUNT = -1;

  private final ActingConnection connection;
  private final int queriesAhead;
  private final boolean carriesPrelude;
  private final String text;

  private PreparedStatement delegate;
  private boolean carriesCommit;

  /** Of the result at hand, if it has no rows. */
  private long count = NO_COUNT;

  /** The driver is one result further, because only the last one is the COMMIT's. */
  private boolean lookedAhead;

  private boolean rowsAhead;

  private ActingStatement(
      ActingConnection connection,
      int queriesAhead,
      boolean carriesPrelude,
      String text,
      PreparedStatement delegate,
      boolean carriesCommit) {
    super(delegate);
    this.connection = connection;
    this.queriesAhead = queriesAhead;
    this.carriesPrelude = carriesPrelude;
    this.text = text;
    this.delegate = delegate;
    this.carriesCommit = carriesCommit;
  }

  /** A statement of the transaction at hand. */
  static ActingStatement prepare(
      ActingConnection connection, List<String> ahead, String sql, boolean carriesPrelude)
      throws SQLException {
    String text = text(ahead, sql);
    PreparedStatement delegate = connection.getDelegate().prepareStatement(text);
    return new ActingStatement(connection, ahead.size(), carriesPrelude, text, delegate, false);
  }

  /** A statement that is a transaction of its own. */
  static ActingStatement prepareAndCommit(
      ActingConnection connection, List<String> ahead, String sql) throws SQLException {
    String text = text(ahead, sql);
    PreparedStatement delegate = connection.getDelegate().prepareStatement(text + COMMIT);
    delegate.setFetchSize(0); // the connection's default could leave rows behind the COMMIT
    return new ActingStatement(connection, ahead.size(), true, text, delegate, true);
  }

  private static String text(List<String> ahead, String sql) {
    return String.join(NEXT, ahead) + NEXT + sql;
  }

  @Override
  public Statement getDelegateStatement() {
    return delegate;
  }

  @Override
  public PreparedStatement getDelegate() {
    return delegate;
  }

  @Override
  public boolean execute() throws SQLException {
    try {
      delegate.execute();
    } catch (SQLException e) {
      throw carriesPrelude ? connection.explain(e) : e;
    }
    if (!carriesCommit) {
      connection.hasActed();
    }
    lookedAhead = false;
    for (int i = 1; i < queriesAhead; i++) {
      delegate.getMoreResults();
    }
    return getMoreResults();
  }

  @Override
  public boolean getMoreResults() throws SQLException {
    boolean rows = lookedAhead ? rowsAhead : delegate.getMoreResults();
    lookedAhead = false;
    count = rows ? NO_COUNT : delegate.getLargeUpdateCount();
    if (carriesCommit && count != NO_COUNT) {
      rowsAhead = delegate.getMoreResults();
      lookedAhead = true;
      if (!rowsAhead && delegate.getLargeUpdateCount() == NO_COUNT) {
        count = NO_COUNT; // it was the COMMIT's
      }
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
    return Math.toIntExact(executeLargeUpdate());
  }

  @Override
  public long executeLargeUpdate() throws SQLException {
    execute();
    return count;
  }

  @Override
  public int getUpdateCount() {
    return Math.toIntExact(count);
  }

  @Override
  public long getLargeUpdateCount() {
    return count;
  }

  /**
   * Rows that are read in portions must be read before the COMMIT, so that takes a round trip of
   * its own then. To be called before parameters are set, as jOOQ does.
   */
  @Override
  public void setFetchSize(int rows) throws SQLException {
    if (rows > 0 && carriesCommit) {
      delegate.close();
      delegate = connection.getDelegate().prepareStatement(text);
      carriesCommit = false;
    }
    delegate.setFetchSize(rows);
  }

  @Override
  public void addBatch() throws SQLException {
    throw new SQLException(
        "A statement that carries the prelude is run once.", SqlStates.FEATURE_NOT_SUPPORTED);
  }
}
