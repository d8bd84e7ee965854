package dev.dovetable.core.internal.connection;

import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.DatabaseException.Kind;
import dev.dovetable.schema.internal.jdbc.Backoff;
import dev.dovetable.schema.internal.jdbc.SqlStates;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Repeats what failed because somebody else held a lock. */
public final class LockRetry {
  private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(30);

  private LockRetry() {}

  /**
   * For work that is one transaction of its own. In one of the host's, the second attempt finds it
   * aborted, and the first one's failure is the answer. No attempt begins later than 30 seconds
   * after the first one, nor sooner than many times what the last one took.
   */
  public static <T> T lockFailures(Supplier<T> work) {
    long start = System.nanoTime();
    Backoff backoff = new Backoff();
    DatabaseException last = null;
    while (true) {
      long attempt = System.nanoTime();
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
        pause(backoff.next(Duration.ofNanos(System.nanoTime() - attempt)), e);
      }
    }
  }

  private static void pause(Duration pause, DatabaseException failure) {
    try {
      TimeUnit.NANOSECONDS.sleep(pause.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure;
    }
  }
}
