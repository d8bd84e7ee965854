package dev.dovetable.testkit.server;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import javax.sql.DataSource;

/** Looks into pg_stat_activity until somebody waits, so that tests need guess no time. */
final class LockWaits {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long PAUSE_MILLIS = 5;

  private static final String SESSIONS =
      """
      select pid, wait_event_type = 'Lock' as waits, wait_event, xact_start, query, state
      from pg_catalog.pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
      """;

  private LockWaits() {}

  static LockWait await(DataSource dataSource, Predicate<LockWait> wanted) {
    return await(dataSource, wanted, PATIENCE);
  }

  static LockWait await(DataSource dataSource, Predicate<LockWait> wanted, Duration patience) {
    long begin = System.nanoTime();
    List<String> others = new ArrayList<>();
    try (Connection connection = dataSource.getConnection();
        PreparedStatement sessions = connection.prepareStatement(SESSIONS)) {
      do {
        others.clear();
        Optional<LockWait> found = find(sessions, wanted, others);
        if (found.isPresent()) {
          return found.get();
        }
        Thread.sleep(PAUSE_MILLIS);
      } while (System.nanoTime() - begin < patience.toNanos());
    } catch (SQLException e) {
      throw new PostgresServerException("looking for a session that waits: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PostgresServerException("interrupted while no session waited for a lock", e);
    }
    throw new PostgresServerException(
        "no session has waited for such a lock within %s; there are: %s"
            .formatted(patience, others));
  }

  private static Optional<LockWait> find(
      PreparedStatement sessions, Predicate<LockWait> wanted, List<String> others)
      throws SQLException {
    try (ResultSet rows = sessions.executeQuery()) {
      while (rows.next()) {
        if (rows.getBoolean("waits")) {
          LockWait wait =
              new LockWait(
                  rows.getInt("pid"),
                  rows.getString("wait_event"),
                  rows.getObject("xact_start", OffsetDateTime.class).toInstant(),
                  rows.getString("query"));
          if (wanted.test(wait)) {
            return Optional.of(wait);
          }
        }
        others.add(
            "%s, %s, %s"
                .formatted(
                    rows.getString("state"),
                    rows.getString("wait_event"),
                    rows.getString("query")));
      }
      return Optional.empty();
    }
  }
}
