package dev.dovetable.schema.internal.jdbc;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The pauses between attempts that meet somebody's lock: each random, so that two who are in each
 * other's way don't meet again, within a bound that doubles from 20 milliseconds to a second; and
 * many times as long as the attempt took, because as long as that waits, others wait behind it. One
 * thread at a time.
 */
public final class Backoff {
  private static final Duration FIRST = Duration.ofMillis(20);
  private static final Duration LONGEST = Duration.ofSeconds(1);

  /** So others are held up for a twentieth of the time. */
  private static final int TIMES_THE_ATTEMPT = 20;

  private static final Duration LONGEST_FOR_OTHERS = Duration.ofSeconds(5);

  private Duration bound = FIRST;

  /**
   * The next pause; more than nothing.
   *
   * @param attempt how long it took to fail
   */
  public Duration next(Duration attempt) {
    Duration pause = Duration.ofNanos(ThreadLocalRandom.current().nextLong(bound.toNanos()) + 1);
    bound = shorter(bound.multipliedBy(2), LONGEST);
    return pause.plus(shorter(attempt.multipliedBy(TIMES_THE_ATTEMPT), LONGEST_FOR_OTHERS));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
