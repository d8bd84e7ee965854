package dev.dovetable.examples.benchmarks.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers as people read them. */
public final class Numbers {

  private static final int DIGITS = 3;

  private Numbers() {}

  /**
   * Three digits that count, with a thin space between thousands: {@code 0.412}, {@code 12 300}.
   */
  public static String rounded(double number) {
    return grouped(value(number).toPlainString());
  }

  public static String whole(long number) {
    return grouped(Long.toString(number));
  }

  public static BigDecimal value(double number) {
    BigDecimal exact = BigDecimal.valueOf(number);
    MathContext digits = new MathContext(DIGITS, RoundingMode.HALF_UP);
    BigDecimal rounded = exact.round(digits).stripTrailingZeros();
    return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
  }

  public static String ratio(double ratio) {
    return String.format(Locale.ROOT, "%.2f", ratio);
  }

  private static String grouped(String plain) {
    return plain.replaceAll("(?<=\\d)(?=(\\d{3})+$)(?<!\\.\\d{0,9})", "\u202f");
  }
}
