package dev.dovetable.core.internal.connection;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * Announces that something was committed, to all processes that listen: at most once in 50
 * milliseconds, never in a transaction that writes, because NOTIFY there has all of them commit one
 * after the other. Thread-safe.
 */
public final class Notices {
  static final String CHANNEL = "dovetable_changes";

  private static final long INTERVAL_MILLIS = 50;

  /** What is missed, or announced in vain, makes a difference of milliseconds to those who poll. */
  private static final Pattern WRITES =
      Pattern.compile(
          "\\b(insert into|update|delete from|copy|store_webhook|undo_customer_merge)\\b",
          Pattern.CASE_INSENSITIVE);

  private static final ScheduledThreadPoolExecutor TIMER = timer();

  private final DataSource dataSource;
  private final AtomicBoolean isDue = new AtomicBoolean();

  Notices(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** Its thread ends when nothing was announced for a while. */
  private static ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "dovetable-notices-1");
              thread.setDaemon(true);
              return thread;
            });
    timer.setKeepAliveTime(5, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
    return timer;
  }

  static boolean isWrite(String sql) {
    return WRITES.matcher(sql).find();
  }

  /** Something was committed. */
  void committed() {
    if (isDue.compareAndSet(false, true)) {
      try {
        TIMER.schedule(this::announce, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
      } catch (RuntimeException | Error e) {
        // No thread is to be had. What was committed stays so; the next one is announced.
        isDue.set(false);
      }
    }
  }

  private void announce() {
    isDue.set(false);
    try (Connection connection = dataSource.getConnection()) {
      boolean autoCommit = connection.getAutoCommit();
      if (!autoCommit) {
        connection.setAutoCommit(true);
      }
      try (Statement statement = connection.createStatement()) {
        statement.execute("notify " + CHANNEL);
      }
      if (!autoCommit) {
        connection.setAutoCommit(false);
      }
    } catch (SQLException | RuntimeException e) {
      // Whoever listens looks by himself.
    }
  }
}
