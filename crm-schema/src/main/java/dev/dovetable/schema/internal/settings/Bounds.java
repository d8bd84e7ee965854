package dev.dovetable.schema.internal.settings;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Map;

/** Bounds of settings, checked where they are set; a message names setting, bounds and value. */
public final class Bounds {
  /** PostgreSQL counts its timeouts in these; 0 would be none at all. */
  public static final Duration MILLISECOND = Duration.ofMillis(1);

  public static final Duration HOUR = Duration.ofHours(1);
  public static final Duration DAY = Duration.ofDays(1);

  /** What PostgreSQL's timeouts can hold: 24.8 days. */
  public static final Duration LONGEST_TIMEOUT = Duration.ofMillis(Integer.MAX_VALUE);

  private static final Map<Duration, String> WORDS =
      Map.of(Duration.ZERO, "0", MILLISECOND, "1 millisecond", HOUR, "1 hour", DAY, "1 day");

  private Bounds() {}

  /** A number from 1 on. */
  public static int require(String setting, int value, int max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(setting + " must be from 1 to " + max + ", not " + value);
    }
    return value;
  }

  /** A time between two others, both allowed. */
  public static Duration require(String setting, Duration value, Duration min, Duration max) {
    requireNonNull(value, setting);
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          setting + " must be from " + words(min) + " to " + words(max) + ", not " + value);
    }
    return value;
  }

  private static String words(Duration bound) {
    return WORDS.getOrDefault(bound, bound.toString());
  }
}
