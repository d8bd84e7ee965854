package dev.dovetable.schema.internal.jdbc;

import dev.dovetable.schema.internal.jdbc.SqlErrors.Work;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** Tries again what somebody's lock was in the way of. */
public final class Retry {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private Retry() {}

  /**
   * Does work that is a transaction of its own.
   *
   * @throws SQLException the first failure that isn't a conflict, or a conflict after that time or
   *     of a thread that is interrupted, which can't pause
   */
  public static <T> T onConflict(Duration giveUpAfter, Work<T> work) throws SQLException {
    long begin = System.nanoTime();
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return work.run();
      } catch (SQLException e) {
        boolean isTooLate = System.nanoTime() - begin >= giveUpAfter.toNanos();
        if (!SqlErrors.isConflict(e) || isTooLate || Thread.currentThread().isInterrupted()) {
          throw e;
        }
      }
      LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(pause.toNanos()) + 1);
      pause = pause.multipliedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
  }
}
