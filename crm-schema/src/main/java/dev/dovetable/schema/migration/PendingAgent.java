package dev.dovetable.schema.migration;

import dev.dovetable.schema.internal.jdbc.Backoff;
import dev.dovetable.schema.migration.ExtensionRegister.Outdated;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;

/** An agent that is still to be migrated, and when. One thread at a time. */
final class PendingAgent implements Delayed {
  private static final Comparator<PendingAgent> ORDER =
      Comparator.<PendingAgent>comparingLong(pending -> pending.due)
          .thenComparingLong(pending -> pending.agent.id());

  private final Outdated agent;

  /** Nanoseconds since {@link #made}. */
  private long due;

  private final long made;
  private long begin;
  private long attemptBegin;
  private int attempts;
  private final Backoff backoff = new Backoff();

  /**
   * @param made {@link System#nanoTime} of the run's begin, the same for all of them
   */
  PendingAgent(Outdated agent, long made) {
    this.agent = agent;
    this.made = made;
  }

  Outdated agent() {
    return agent;
  }

  /** How often it was tried. */
  int attempts() {
    return attempts;
  }

  void beginAttempt() {
    attemptBegin = System.nanoTime();
    if (attempts == 0) {
      begin = attemptBegin;
    }
    attempts++;
  }

  /** Since the first attempt. */
  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  /** To be tried again when others have had the time to end. */
  void postpone() {
    long now = System.nanoTime();
    due = now - made + backoff.next(Duration.ofNanos(now - attemptBegin)).toNanos();
  }

  @Override
  public long getDelay(TimeUnit unit) {
    return unit.convert(due - (System.nanoTime() - made), TimeUnit.NANOSECONDS);
  }

  @Override
  public int compareTo(Delayed other) {
    return ORDER.compare(this, (PendingAgent) other);
  }
}
