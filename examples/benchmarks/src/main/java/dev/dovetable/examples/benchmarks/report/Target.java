package dev.dovetable.examples.benchmarks.report;

import java.util.Locale;
import java.util.Optional;

/**
 * What a figure is to reach.
 *
 * @param kind whether there is a bound, and on which side
 * @param bound the bound; without meaning if there is none
 * @param what what is bounded, such as a ratio
 */
public record Target(Kind kind, double bound, String what) {

  public enum Kind {
    AT_MOST,
    AT_LEAST,
    BELOW,
    NONE
  }

  public static Target ratioAtMost(double bound) {
    return new Target(Kind.AT_MOST, bound, "×");
  }

  public static Target ratioAtLeast(double bound) {
    return new Target(Kind.AT_LEAST, bound, "×");
  }

  public static Target ratioBelow(double bound) {
    return new Target(Kind.BELOW, bound, "×");
  }

  public static Target below(double bound, String unit) {
    return new Target(Kind.BELOW, bound, unit);
  }

  /** The figure is only shown. */
  public static Target none() {
    return new Target(Kind.NONE, 0, "");
  }

  /** Empty if there is nothing to reach. */
  public Optional<Boolean> isMetBy(double figure) {
    return switch (kind) {
      case AT_MOST -> Optional.of(figure <= bound);
      case AT_LEAST -> Optional.of(figure >= bound);
      case BELOW -> Optional.of(figure < bound);
      case NONE -> Optional.empty();
    };
  }

  @Override
  public String toString() {
    String number =
        bound == Math.rint(bound)
            ? String.format(Locale.ROOT, "%.0f", bound)
            : String.format(Locale.ROOT, "%s", bound);
    String words = number + " " + what;
    return switch (kind) {
      case AT_MOST -> "at most " + words;
      case AT_LEAST -> "at least " + words;
      case BELOW -> "below " + words;
      case NONE -> "shown";
    };
  }
}
