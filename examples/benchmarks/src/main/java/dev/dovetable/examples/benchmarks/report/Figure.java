package dev.dovetable.examples.benchmarks.report;

import java.util.Optional;

/**
 * One line of the results.
 *
 * @param number the row of the table that it belongs to
 * @param work what was done
 * @param value the library's figure, a median; empty if the row failed
 * @param unit what the value counts
 * @param reference what it is compared with, and that one's figure
 * @param ratio the library's figure through the reference's: the median of the rounds' ratios
 * @param target what was to be reached
 * @param met whether it was; empty if the figure is only shown
 * @param note how to read it; empty if that is plain
 */
public record Figure(
    int number,
    String work,
    Optional<Double> value,
    String unit,
    Optional<String> reference,
    Optional<Double> ratio,
    String target,
    Optional<Boolean> met,
    String note) {

  /** Compares two alternatives. */
  public static Figure of(
      int number,
      String work,
      Samples samples,
      String name,
      String unit,
      String reference,
      Target target) {
    double ratio = samples.ratio(name, reference);
    return new Figure(
        number,
        work,
        Optional.of(samples.median(name)),
        unit,
        Optional.of(
            "%s: %s %s".formatted(reference, Numbers.rounded(samples.median(reference)), unit)),
        Optional.of(ratio),
        target.toString(),
        target.isMetBy(ratio),
        "");
  }

  /** A figure that stands alone. */
  public static Figure of(int number, String work, double value, String unit, Target target) {
    return new Figure(
        number,
        work,
        Optional.of(value),
        unit,
        Optional.empty(),
        Optional.empty(),
        target.toString(),
        target.isMetBy(value),
        "");
  }

  public static Figure failed(int number, String work, Throwable failure) {
    return new Figure(
        number,
        work,
        Optional.empty(),
        "",
        Optional.empty(),
        Optional.empty(),
        "",
        Optional.of(false),
        "failed: " + failure);
  }

  public Figure withNote(String words) {
    return new Figure(number, work, value, unit, reference, ratio, target, met, words);
  }

  public boolean hasFailed() {
    return value.isEmpty();
  }
}
