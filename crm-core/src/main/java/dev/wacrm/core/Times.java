package dev.wacrm.core;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Bounds of time, checked before it is sent: the driver fails on times further out. */
final class Times {
  private static final Instant MIN = Instant.parse("-4712-01-01T00:00:00Z");
  private static final Instant END = Instant.parse("+294277-01-01T00:00:00Z");

  private Times() {}

  /** A time that PostgreSQL can hold. */
  static Instant require(Instant time, String name) {
    requireNonNull(time, name);
    if (time.isBefore(MIN) || !time.isBefore(END)) {
      throw outOfBounds(name);
    }
    return time;
  }

  /** The beginning of a day in UTC. */
  static Instant requireDay(LocalDate day, String name) {
    requireNonNull(day, name);
    return require(day.atStartOfDay().toInstant(ZoneOffset.UTC), name);
  }

  private static InvalidDataException outOfBounds(String name) {
    return new InvalidDataException(
        InvalidDataException.Kind.OUT_OF_BOUNDS,
        name + " is out of PostgreSQL's range.",
        "Pass a time between 4713 BC and 294276 AD.");
  }
}
