package dev.dovetable.core.internal.sql;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.InvalidDataException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Bounds of time, checked before it is sent: the driver fails on times further out. */
public final class Times {
  private static final Instant MIN = Instant.parse("-4712-01-01T00:00:00Z");
  private static final Instant END = Instant.parse("+294277-01-01T00:00:00Z");

  /** As the driver reads and writes PostgreSQL's infinity and its opposite. */
  static final Instant AFTER_ALL = LocalDateTime.MAX.toInstant(ZoneOffset.UTC);

  static final Instant BEFORE_ALL = LocalDateTime.MIN.toInstant(ZoneOffset.UTC);

  private static final DateTimeFormatter TEXT =
      new DateTimeFormatterBuilder()
          .appendValue(ChronoField.YEAR_OF_ERA, 4, 6, SignStyle.NOT_NEGATIVE)
          .appendPattern("-MM-dd HH:mm:ss.SSSSSS")
          .toFormatter(Locale.ROOT);

  private Times() {}

  /** A time that PostgreSQL can hold. */
  public static Instant require(Instant time, String name) {
    requireNonNull(time, name);
    if (!isFinite(time)) {
      throw outOfBounds(name);
    }
    return time;
  }

  /** Whether PostgreSQL holds it as a number. */
  static boolean isFinite(Instant time) {
    return !time.isBefore(MIN) && time.isBefore(END);
  }

  /** The beginning of a day in UTC. */
  public static Instant requireDay(LocalDate day, String name) {
    requireNonNull(day, name);
    return require(day.atStartOfDay().toInstant(ZoneOffset.UTC), name);
  }

  /** Columns of time have defaults but allow null, which no statement of this library writes. */
  public static Instant orEpoch(@Nullable Instant column) {
    return Objects.requireNonNullElse(column, Instant.EPOCH);
  }

  /** The time as a {@code timestamp} in UTC, cut off at the microsecond, for any DateStyle. */
  public static String text(Instant time) {
    LocalDateTime utc = LocalDateTime.ofInstant(time, ZoneOffset.UTC);
    return utc.getYear() > 0 ? utc.format(TEXT) : utc.format(TEXT) + " BC";
  }

  private static InvalidDataException outOfBounds(String name) {
    return new InvalidDataException(
        InvalidDataException.Kind.OUT_OF_BOUNDS,
        name + " is out of PostgreSQL's range.",
        "Pass a time between 4713 BC and 294276 AD.");
  }
}
