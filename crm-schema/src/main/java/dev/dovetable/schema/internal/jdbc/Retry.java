package dev.dovetable.schema.internal.jdbc;

import dev.dovetable.schema.internal.jdbc.SqlErrors.Work;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Tries again what somebody's lock was in the way of. */
public final class Retry {
  private Retry() {}

  /**
   * Does work that is a transaction of its own.
   *
   * @throws SQLException the first failure that isn't a conflict, or a conflict after that time or
   *     of a thread that is interrupted, which can't pause
   */
  public static <T> T onConflict(Duration giveUpAfter, Work<T> work) throws SQLException {
    long begin = System.nanoTime();
    Backoff backoff = new Backoff();
    while (true) {
      long attempt = System.nanoTime();
      try {
        return work.run();
      } catch (SQLException e) {
        boolean isTooLate = System.nanoTime() - begin >= giveUpAfter.toNanos();
        if (!SqlErrors.isConflict(e) || isTooLate || Thread.currentThread().isInterrupted()) {
          throw e;
        }
      }
      Duration taken = Duration.ofNanos(System.nanoTime() - attempt);
      LockSupport.parkNanos(backoff.next(taken).toNanos());
    }
  }
}
