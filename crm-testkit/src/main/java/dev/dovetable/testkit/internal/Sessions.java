package dev.dovetable.testkit.internal;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Looks at sessions. */
public final class Sessions {
  private static final int LOOKS = 10;
  private static final int MILLISECONDS_BETWEEN = 50;

  private Sessions() {}

  /** What somebody has set on a connection and the next one would inherit. */
  public static List<String> foreignState(Connection connection) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(Sql.text("session_state.sql"))) {
      row.next();
      if (row.getString("role") != null) {
        found.add("a connection that acts as " + row.getString("role"));
      }
      if (row.getBoolean("claims")) {
        found.add("a connection with somebody's claims");
      }
    }
    return found;
  }

  /**
   * Ends sessions that are in a transaction and idle. Several looks: the server takes a moment to
   * notice that a connection was closed, and a thread may be between two statements.
   */
  public static void endTransactions(Connection superuser, List<String> findings)
      throws SQLException {
    try (Statement statement = superuser.createStatement()) {
      List<String> same = idleInTransaction(statement);
      for (int look = 1; look < LOOKS && !same.isEmpty(); look++) {
        sleep();
        same.retainAll(idleInTransaction(statement));
      }
      for (String session : same) {
        String[] parts = session.split(" ", 3);
        findings.add("a session of %s that is in a transaction".formatted(parts[2]));
        statement.execute("select pg_terminate_backend(" + Integer.parseInt(parts[0]) + ", 5000)");
      }
    }
  }

  private static List<String> idleInTransaction(Statement statement) throws SQLException {
    List<String> sessions = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(Sql.text("idle_in_transaction.sql"))) {
      while (rows.next()) {
        sessions.add(rows.getString(1));
      }
    }
    return sessions;
  }

  private static void sleep() {
    try {
      Thread.sleep(MILLISECONDS_BETWEEN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
