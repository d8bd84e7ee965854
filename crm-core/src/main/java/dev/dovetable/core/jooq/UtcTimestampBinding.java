package dev.dovetable.core.jooq;

import java.sql.Types;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.NullMarked;

/**
 * Maps {@code timestamp without time zone} columns, which hold UTC, to {@link Instant}. The
 * generated tables use it; applications have no reason to.
 *
 * <p>jOOQ's own binding goes through {@link java.sql.Timestamp} and so through the JVM's time zone:
 * an hour that daylight saving skips there comes back one hour late. This one exchanges {@link
 * LocalDateTime} with the driver. Thread-safe.
 */
@NullMarked
public final class UtcTimestampBinding extends TimestampBinding<LocalDateTime> {

  private static final long serialVersionUID = 1L;

  /** Creates the binding; one serves any number of columns. */
  public UtcTimestampBinding() {
    super(
        LocalDateTime.class,
        Types.TIMESTAMP,
        "::timestamp",
        time -> time.toInstant(ZoneOffset.UTC),
        // The column holds microseconds; the driver would round, and so move some times forward.
        instant -> LocalDateTime.ofInstant(instant.truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC));
  }
}
