package dev.dovetable.core.internal.connection;

import java.time.Duration;
import java.util.Optional;

/**
 * How long statements and waits for locks may take; empty leaves it to the server. Immutable.
 *
 * @param isLockSet false for a default, which gives way to what the server, the database or the
 *     login has
 */
public record Timeouts(Optional<Duration> statement, Optional<Duration> lock, boolean isLockSet) {
  /**
   * As long as the functions wait that make and delete agents, and much longer than what a lock is
   * held for: whoever waits that long waits for one that isn't given back.
   */
  private static final Duration DEFAULT_LOCK = Duration.ofSeconds(30);

  /** Those that are set; with {@link #withDefaultLock} more, where it may be. */
  public static Timeouts of(Optional<Duration> statement, Optional<Duration> lock) {
    return new Timeouts(statement, lock, true);
  }

  /** With a default for locks, unless there is a timeout that is reached before. */
  public Timeouts withDefaultLock() {
    return lock.isPresent() || statement.filter(t -> t.compareTo(DEFAULT_LOCK) <= 0).isPresent()
        ? this
        : new Timeouts(statement, Optional.of(DEFAULT_LOCK), false);
  }

  public Timeouts {
    if (statement.isPresent() && lock.isPresent() && lock.get().compareTo(statement.get()) >= 0) {
      throw new IllegalArgumentException(
          "lockTimeout must be shorter than statementTimeout, or it is never reached: "
              + lock.get()
              + " and "
              + statement.get());
    }
  }
}
