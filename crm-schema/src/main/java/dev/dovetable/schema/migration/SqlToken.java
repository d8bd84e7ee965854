package dev.dovetable.schema.migration;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A piece of SQL that means something by itself.
 *
 * @param kind what it is
 * @param text as it is written; of a placeholder, what is between the braces
 * @param line where it begins, counted from 1
 * @param begin its first character's place
 */
record SqlToken(Kind kind, String text, int line, int begin) {

  enum Kind {
    /** A keyword or an unquoted name. */
    WORD,
    /** A name in double quotes. */
    QUOTED,
    /** A literal in single quotes or between dollar signs. */
    STRING,
    /** {@code {name}}, outside of literals and quoted names. */
    PLACEHOLDER,
    /** One character of anything else. */
    SYMBOL
  }

  boolean is(String wordOrSymbol) {
    return switch (kind) {
      case WORD -> lower().equals(wordOrSymbol);
      case SYMBOL -> text.equals(wordOrSymbol);
      case QUOTED, STRING, PLACEHOLDER -> false;
    };
  }

  /** The place behind it. */
  int end() {
    return begin + text.length() + (kind == Kind.PLACEHOLDER ? "{}".length() : 0);
  }

  boolean is(Kind wanted) {
    return kind == wanted;
  }

  boolean isPlaceholder(String name) {
    return kind == Kind.PLACEHOLDER && text.equals(name);
  }

  /** What a literal between dollar signs holds; null if it is none. */
  @Nullable String dollarQuoted() {
    if (kind != Kind.STRING || !text.startsWith("$")) {
      return null;
    }
    int quote = text.indexOf('$', 1) + 1;
    return text.length() < 2 * quote ? null : text.substring(quote, text.length() - quote);
  }

  /** A quoted name without its quotes. */
  String inner() {
    return text.substring(1, Math.max(1, text.length() - 1)).replace("\"\"", "\"");
  }

  String lower() {
    return text.toLowerCase(Locale.ROOT);
  }
}
