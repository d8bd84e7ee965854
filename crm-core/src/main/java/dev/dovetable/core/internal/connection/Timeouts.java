package dev.dovetable.core.internal.connection;

import java.time.Duration;
import java.util.Optional;

/** How long statements and waits for locks may take; empty leaves it to the server. Immutable. */
public record Timeouts(Optional<Duration> statement, Optional<Duration> lock) {

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
