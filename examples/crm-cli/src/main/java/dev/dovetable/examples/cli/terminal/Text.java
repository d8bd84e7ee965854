package dev.dovetable.examples.cli.terminal;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How values are shown, whatever the system's language. */
public final class Text {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String[] UNITS = {"kB", "MB", "GB", "TB"};
  private static final int UNIT = 1024;

  /** In either direction of writing: what reorders letters shows other ones than there are. */
  private static final String BIDI = "\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069";

  /** Both sets of control characters: some terminals take U+009B for the start of a sequence. */
  private static final Pattern STEERING = Pattern.compile("[\\p{Cc}" + BIDI + "]");

  /** The same within lines. */
  private static final Pattern STEERING_TEXT =
      Pattern.compile("[\\p{Cc}" + BIDI + "&&[^\\t\\r\\n]]");

  private Text() {}

  public static String time(Instant time) {
    return TIME.format(time);
  }

  /** {@code 1 agent}, {@code 2 agents}. */
  public static String count(long n, String one) {
    return n + " " + one + (n == 1 ? "" : "s");
  }

  /** As PostgreSQL counts: a kB has 1024 bytes. */
  public static String bytes(long bytes) {
    if (bytes < UNIT) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = -1;
    while (value >= UNIT && unit < UNITS.length - 1) {
      value /= UNIT;
      unit++;
    }
    return String.format(Locale.ROOT, value < 100 ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
  }

  /** {@code 740 ms}, {@code 4.2 s}, {@code 3 min 20 s}, {@code 2 h 5 min}. */
  public static String duration(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds >= 3600) {
      return "%d h %d min".formatted(seconds / 3600, seconds % 3600 / 60);
    }
    if (seconds >= 60) {
      return "%d min %d s".formatted(seconds / 60, seconds % 60);
    }
    return seconds >= 1
        ? String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0)
        : duration.toMillis() + " ms";
  }

  /** One line, ending in a full stop; what others wrote may have several, or none. */
  public static String sentence(@Nullable String text) {
    String line = oneLine(text == null ? "no reason was given" : text).strip();
    return line.matches(".*[.;?]") ? line : line + ".";
  }

  /** Without line breaks, and without what would steer the terminal. */
  public static String oneLine(String text) {
    return STEERING.matcher(text.replaceAll("\\s*\\R+\\s*", " ")).replaceAll("?");
  }

  /** As {@link #oneLine}, but with its line breaks and tabs. */
  public static String lines(String text) {
    return STEERING_TEXT.matcher(text).replaceAll("?");
  }

  /** JSON with escapes for what would steer the terminal, which are the same to who reads it. */
  public static String escaped(String json) {
    return STEERING_TEXT
        .matcher(json)
        .replaceAll(found -> "\\\\u%04x".formatted((int) found.group().charAt(0)));
  }

  /** Lines of at most so many columns, broken between words; words that are longer stay whole. */
  public static List<String> wrap(String text, int columns) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.strip().split("\\s+")) {
      if (!line.isEmpty() && width(line) + 1 + width(word) > columns) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  public static int width(CharSequence text) {
    return Character.codePointCount(text, 0, text.length());
  }
}
