package dev.dovetable.core.jooq;

import java.sql.Types;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.NullMarked;

/**
 * Maps {@code timestamp with time zone} columns to {@link Instant}. The generated tables use it;
 * applications have no reason to.
 *
 * <p>jOOQ's own binding reads text and fails on {@code infinity}, which is told here as in columns
 * without time zone. Thread-safe.
 */
@NullMarked
public final class ZonedTimestampBinding extends TimestampBinding<OffsetDateTime> {

  private static final long serialVersionUID = 1L;

  /** Creates the binding; one serves any number of columns. */
  public ZonedTimestampBinding() {
    super(
        OffsetDateTime.class,
        Types.TIMESTAMP_WITH_TIMEZONE,
        "::timestamptz",
        ZonedTimestampBinding::instant,
        // The column holds microseconds; the driver would round, and so move some times forward.
        instant ->
            OffsetDateTime.ofInstant(instant.truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC));
  }

  /** The driver has its own values for infinity, at the farthest offsets. */
  private static Instant instant(OffsetDateTime time) {
    if (time.equals(OffsetDateTime.MAX)) {
      return LocalDateTime.MAX.toInstant(ZoneOffset.UTC);
    }
    return time.equals(OffsetDateTime.MIN)
        ? LocalDateTime.MIN.toInstant(ZoneOffset.UTC)
        : time.toInstant();
  }
}
