package dev.dovetable.examples.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** Reads times as postgresql.conf writes them. */
final class Durations {
  private static final Pattern TIME = Pattern.compile("(\\d{1,9}) ?(ms|s|min)");

  private Durations() {}

  static Duration parse(String text) {
    Matcher time = TIME.matcher(text);
    if (!time.matches()) {
      throw new TypeConversionException("a time is a number with ms, s or min, such as 200ms");
    }
    long n = Long.parseLong(time.group(1));
    return switch (time.group(2)) {
      case "ms" -> Duration.ofMillis(n);
      case "s" -> Duration.ofSeconds(n);
      default -> Duration.ofMinutes(n);
    };
  }
}
