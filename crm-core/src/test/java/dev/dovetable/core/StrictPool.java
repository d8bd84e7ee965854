package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jooq.tools.jdbc.DefaultConnection;

/**
 * A pool that looks at every connection that comes back, and repairs nothing: what a caller leaves
 * behind is found here, and by the next caller. Thread-safe.
 */
final class StrictPool implements AutoCloseable {
  private static final String STATE =
      "select session_user, current_user, current_setting('role'),"
          + " coalesce(current_setting('request.jwt.claims', true), ''),"
          + " coalesce(current_setting('request.jwt.claim.sub', true), ''),"
          + " coalesce(current_setting('request.jwt.claim.role', true), ''),"
          + " current_setting('transaction_isolation'), current_setting('transaction_read_only'),"
          + " current_setting('search_path'), current_setting('timezone'),"
          + " current_setting('lock_timeout'), current_setting('statement_timeout'),"
          + " current_setting('enable_seqscan'),"
          // Neither true if a transaction was left open.
          + " now() = statement_timestamp(), pg_current_xact_id_if_assigned() is null,"
          + " (select count(*) from pg_locks where pid = pg_backend_pid()"
          + " and locktype = 'advisory')";

  private final BlockingQueue<Connection> idle = new LinkedBlockingQueue<>();
  private final Map<Connection, List<Object>> states = new ConcurrentHashMap<>();
  private final Queue<String> traces = new ConcurrentLinkedQueue<>();

  /** As it is to come back each time. */
  void add(Connection connection) throws SQLException {
    states.put(connection, state(connection));
    idle.add(connection);
  }

  DataSource dataSource() {
    return new CustomDataSource(this::take);
  }

  /** What was found on connections that came back, and how many are missing. */
  void assertAllBackAsTheyCame() {
    assertThat(traces).isEmpty();
    assertThat(idle).containsExactlyInAnyOrderElementsOf(states.keySet());
  }

  @Override
  public void close() throws SQLException {
    for (Connection connection : states.keySet()) {
      connection.close();
    }
  }

  private Connection take() throws SQLException {
    try {
      Connection connection = idle.poll(20, TimeUnit.SECONDS);
      if (connection == null) {
        throw new SQLException("no connection has come back in 20 seconds", "08001");
      }
      return new DefaultConnection(connection) {
        @Override
        public void close() throws SQLException {
          giveBack(connection);
        }
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted", "08001", e);
    }
  }

  private void giveBack(Connection connection) throws SQLException {
    List<Object> now = state(connection);
    if (!now.equals(states.get(connection))) {
      traces.add("came back as " + now + ", not as " + states.get(connection));
    }
    idle.add(connection);
  }

  private static List<Object> state(Connection connection) throws SQLException {
    List<Object> state = new ArrayList<>();
    state.add(connection.getAutoCommit());
    state.add(connection.isReadOnly());
    state.add(connection.getTransactionIsolation());
    state.add(connection.getHoldability());
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(STATE)) {
      row.next();
      for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
        state.add(row.getObject(i));
      }
    }
    if (!connection.getAutoCommit()) {
      connection.rollback();
    }
    return state;
  }
}
