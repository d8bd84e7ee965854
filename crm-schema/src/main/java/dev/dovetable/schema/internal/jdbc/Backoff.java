package dev.dovetable.schema.internal.jdbc;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The pauses between attempts that meet somebody's lock: each random, so that two who are in each
 * other's way don't meet again, within a bound that doubles from 20 milliseconds to a second. One
 * thread at a time.
 */
public final class Backoff {
  private static final Duration FIRST = Duration.ofMillis(20);
  private static final Duration LONGEST = Duration.ofSeconds(1);

  private Duration bound = FIRST;

  /** The next pause; more than nothing. */
  public Duration next() {
    Duration pause = Duration.ofNanos(ThreadLocalRandom.current().nextLong(bound.toNanos()) + 1);
    Duration longer = bound.multipliedBy(2);
    bound = longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
    return pause;
  }
}
