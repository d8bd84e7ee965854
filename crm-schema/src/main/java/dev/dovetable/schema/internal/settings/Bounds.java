package dev.dovetable.schema.internal.settings;

import java.time.Duration;

/** Bounds of settings, checked where they are set; a message names setting and bounds. */
public final class Bounds {

  private Bounds() {}

  /**
   * A number from 1 on.
   *
   * @param setting its name
   * @param value what was passed
   * @param max the most it may be
   */
  public static int require(String setting, int value, int max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(setting + " must be from 1 to " + max + ", not " + value);
    }
    return value;
  }

  /**
   * A time.
   *
   * @param setting its name
   * @param value what was passed
   * @param min the least it may be
   * @param max the most it may be
   */
  public static Duration require(String setting, Duration value, Duration min, Duration max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          setting + " must be from " + min + " to " + max + ", not " + value);
    }
    return value;
  }
}
