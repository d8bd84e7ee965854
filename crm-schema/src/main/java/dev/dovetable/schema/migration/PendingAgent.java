package dev.dovetable.schema.migration;

import dev.dovetable.schema.migration.TemplateRegister.Outdated;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.Delayed;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** An agent that is still to be migrated, and when. One thread at a time. */
final class PendingAgent implements Delayed {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
  private static final Comparator<PendingAgent> ORDER =
      Comparator.<PendingAgent>comparingLong(pending -> pending.due)
          .thenComparingLong(pending -> pending.agent.id());

  private final Outdated agent;

  /** Nanoseconds since {@link #made}. */
  private long due;

  private final long made;
  private long begin;
  private int attempts;
  private Duration pause = FIRST_PAUSE;

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
    if (attempts == 0) {
      begin = System.nanoTime();
    }
    attempts++;
  }

  /** Since the first attempt. */
  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  /** Later each time, at a random moment, so that two runs don't meet again. */
  void postpone() {
    due = System.nanoTime() - made + ThreadLocalRandom.current().nextLong(pause.toNanos()) + 1;
    Duration longer = pause.multipliedBy(2);
    pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
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
