package dev.dovetable.core.internal.connection;

import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.DatabaseException.Kind;
import dev.dovetable.core.internal.sql.SqlStates;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Repeats what failed because somebody else held a lock. */
public final class Retry {
  private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long FIRST_PAUSE_MILLIS = 20;
  private static final long LONGEST_PAUSE_MILLIS = 1000;

  private Retry() {}

  /**
   * For work that is one transaction of its own. In one of the host's, the second attempt finds it
   * aborted, and the first one's failure is the answer. Pauses between the attempts are random,
   * within a bound that doubles; no attempt begins later than 30 seconds after the first one.
   */
  public static <T> T lockFailures(Supplier<T> work) {
    long start = System.nanoTime();
    long bound = FIRST_PAUSE_MILLIS;
    DatabaseException last = null;
    while (true) {
      try {
        return work.get();
      } catch (DatabaseException e) {
        boolean aborted = SqlStates.IN_FAILED_TRANSACTION.equals(e.sqlState().orElse(""));
        if (last != null && aborted) {
          throw last;
        }
        last = e;
        boolean lock = e.kind() == Kind.LOCK_TIMEOUT || e.kind() == Kind.DEADLOCK;
        if (!lock || System.nanoTime() - start > GIVE_UP_NANOS) {
          throw e;
        }
        pause(bound, e);
        bound = Math.min(2 * bound, LONGEST_PAUSE_MILLIS);
      }
    }
  }

  private static void pause(long bound, DatabaseException failure) {
    try {
      TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(bound) + 1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure;
    }
  }
}
