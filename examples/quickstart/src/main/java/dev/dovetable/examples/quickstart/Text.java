package dev.dovetable.examples.quickstart;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How values are shown. */
final class Text {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
  private static final Pattern AMERICAN = Pattern.compile("1(\\d{3})(\\d{3})(\\d{4})");
  private static final Pattern DIGITS = Pattern.compile("\\d+");

  private static final int LONGEST = 68;

  private Text() {}

  static String time(Instant time) {
    return TIME.format(time);
  }

  /** A number of digits only, as the provider writes it; anything else stays as it is. */
  static String phone(String phone) {
    Matcher american = AMERICAN.matcher(phone);
    if (american.matches()) {
      return "+1 " + american.group(1) + " " + american.group(2) + " " + american.group(3);
    }
    return DIGITS.matcher(phone).matches() ? "+" + phone : phone;
  }

  static String firstName(String name) {
    return name.strip().split("\\s")[0];
  }

  static String cut(String text) {
    return text.codePointCount(0, text.length()) <= LONGEST
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LONGEST - 1)) + "…";
  }

  static String count(long n, String one) {
    return n + " " + one + (n == 1 ? "" : "s");
  }
}
