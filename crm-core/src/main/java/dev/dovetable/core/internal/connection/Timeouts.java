package dev.dovetable.core.internal.connection;

import java.time.Duration;
import java.util.Optional;

/** How long statements and waits for locks may take; empty leaves it to the server. Immutable. */
public record Timeouts(Optional<Duration> statement, Optional<Duration> lock) {

  private static final Duration SHORTEST = Duration.ofMillis(1);

  /** What PostgreSQL's settings can hold: 24.8 days. */
  private static final Duration LONGEST = Duration.ofMillis(Integer.MAX_VALUE);

  public Timeouts {
    if (statement.isPresent() && lock.isPresent() && lock.get().compareTo(statement.get()) >= 0) {
      throw new IllegalArgumentException(
          "lockTimeout must be shorter than statementTimeout, or it is never reached: "
              + lock.get()
              + " and "
              + statement.get());
    }
  }

  boolean isNone() {
    return statement.isEmpty() && lock.isEmpty();
  }

  public static Duration require(Duration timeout, String name) {
    if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + " must be from " + SHORTEST + " to " + LONGEST + ", not " + timeout);
    }
    return timeout;
  }
}
