package dev.dovetable.schema.migration;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How fast agents may be begun, by all threads of a run together. Thread-safe. */
final class RateLimit {
  private final long interval;
  private long next = System.nanoTime();

  RateLimit(OptionalInt agentsPerSecond) {
    this.interval =
        agentsPerSecond.isEmpty() ? 0 : TimeUnit.SECONDS.toNanos(1) / agentsPerSecond.getAsInt();
  }

  /** Waits for the turn to begin with an agent. */
  void await() {
    sleepUntil(take());
  }

  /** Waits for the turn unless it is further away than that; whether it has come. */
  boolean awaitAtMost(Duration patience) {
    long start;
    synchronized (this) {
      if (next - System.nanoTime() > patience.toNanos()) {
        return false;
      }
      start = take();
    }
    sleepUntil(start);
    return true;
  }

  private synchronized long take() {
    long start = Math.max(next, System.nanoTime());
    next = start + interval;
    return start;
  }

  private static void sleepUntil(long start) {
    for (long wait = start - System.nanoTime(); wait > 0; wait = start - System.nanoTime()) {
      LockSupport.parkNanos(wait);
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
    }
  }
}
