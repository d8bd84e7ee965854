package dev.dovetable.examples.benchmarks;

import java.util.Locale;
import java.util.Optional;

/**
 * What a figure is to reach.
 *
 * @param kind whether there is a bound, and on which side
 * @param bound the bound; without meaning if there is none
 * @param what what is bounded, such as a ratio
 */
record Target(Kind kind, double bound, String what) {

  enum Kind {
    AT_MOST,
    AT_LEAST,
    BELOW,
    NONE
  }

  static Target ratioAtMost(double bound) {
    return new Target(Kind.AT_MOST, bound, "×");
  }

  static Target ratioAtLeast(double bound) {
    return new Target(Kind.AT_LEAST, bound, "×");
  }

  static Target ratioBelow(double bound) {
    return new Target(Kind.BELOW, bound, "×");
  }

  static Target below(double bound, String unit) {
    return new Target(Kind.BELOW, bound, unit);
  }

  /** The figure is only shown. */
  static Target none() {
    return new Target(Kind.NONE, 0, "");
  }

  /** Empty if there is nothing to reach. */
  Optional<Boolean> isMetBy(double figure) {
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
