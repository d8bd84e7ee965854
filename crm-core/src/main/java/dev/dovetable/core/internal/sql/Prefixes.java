package dev.dovetable.core.internal.sql;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.RefusedException;
import dev.dovetable.schema.internal.settings.Names;

/** The rule for an agent's prefix, checked before any SQL holds it. */
public final class Prefixes {
  private static final int SHOWN = 40;

  private Prefixes() {}

  public static String require(String prefix) {
    requireNonNull(prefix, "prefix");
    if (!Names.isPrefix(prefix)) {
      throw new RefusedException(
          RefusedException.Reason.PREFIX_MALFORMED,
          "The prefix " + shown(prefix) + " is malformed.",
          "Use 1 to 20 characters: a lower-case letter a-z, then lower-case letters, digits and"
              + " underscores.");
    }
    return prefix;
  }

  private static String shown(String prefix) {
    StringBuilder shown = new StringBuilder("'");
    prefix
        .chars()
        .limit(SHOWN)
        .forEach(
            c -> {
              if (c < ' ' || c > '~') {
                shown.append(String.format("\\u%04x", c));
              } else {
                shown.append((char) c);
              }
            });
    return shown.append(prefix.length() > SHOWN ? "…'" : "'").toString();
  }
}
