package dev.dovetable.core.internal.sql;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.InvalidDataException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** Bounds of text, checked before it is sent. No message holds the text itself. */
public final class Texts {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_.-]+");

  private Texts() {}

  /** Text that PostgreSQL can hold; empty text is fine. */
  public static String require(String text, String name) {
    requireNonNull(text, name);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        throw new InvalidDataException(
            Kind.NOT_TEXT,
            name + " holds the character NUL at index " + i + ".",
            "PostgreSQL can't store it in text; remove it.");
      }
      if (Character.isSurrogate(c)) {
        // The driver would send a question mark in its place.
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          throw new InvalidDataException(
              Kind.NOT_TEXT,
              name + " holds half of a surrogate pair at index " + i + ".",
              "It is no character; cut the text between characters, or remove it.");
        }
        i++;
      }
    }
    return text;
  }

  /** Whether {@link #require} would take it. */
  public static boolean isStorable(String text) {
    return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  public static String requireFilled(String text, String name) {
    if (require(text, name).isBlank()) {
      throw new InvalidDataException(
          Kind.MISSING, name + " is blank.", "Pass at least one character that is no white space.");
    }
    return text;
  }

  public static String requireFilled(String text, String name, int maxLength) {
    return requireShort(requireFilled(text, name), name, maxLength);
  }

  public static Optional<String> requireShort(Optional<String> text, String name, int maxLength) {
    requireNonNull(text, name).ifPresent(t -> requireShort(require(t, name), name, maxLength));
    return text;
  }

  public static Optional<String> require(Optional<String> text, String name) {
    requireNonNull(text, name).ifPresent(t -> require(t, name));
    return text;
  }

  /** What WhatsApp may call something by: not blank, and nothing that looks like something else. */
  public static String requireId(String text, String name, int maxLength) {
    requireFilled(text, name, maxLength);
    if (!ID.matcher(text).matches()) {
      throw new InvalidDataException(
          Kind.CHECK_VIOLATED,
          name + " has other characters than letters (A to Z), digits, \"_\", \"-\" and \".\".",
          "Pass it as WhatsApp writes it.");
    }
    return text;
  }

  public static String requireShort(String text, String name, int maxLength) {
    int length = text.codePointCount(0, text.length());
    if (length > maxLength) {
      throw new InvalidDataException(
          Kind.TOO_LONG,
          name + " has " + length + " characters.",
          "It can have at most " + maxLength + ".");
    }
    return text;
  }
}
