package dev.dovetable.core.webhooks;

import dev.dovetable.core.internal.sql.Times;
import java.time.Instant;

/**
 * When something was told, so that the end is the same in whatever order it comes: the provider's
 * time, and its id of the message. Text that sorts. Immutable and thread-safe.
 */
record Position(String text) implements Comparable<Position> {

  static Position of(Instant at, String source) {
    return new Position(Times.text(Times.require(at, "timestamp")) + ' ' + source);
  }

  /** Right behind this one. */
  Position after() {
    return new Position(text + '!');
  }

  /** In the order of the database's text, which is that of code points. */
  @Override
  public int compareTo(Position other) {
    return compare(text, other.text);
  }

  static int compare(String one, String other) {
    for (int i = 0; i < Math.min(one.length(), other.length()); i++) {
      char a = one.charAt(i);
      char b = other.charAt(i);
      if (a != b) {
        boolean sameKind = Character.isSurrogate(a) == Character.isSurrogate(b);
        return sameKind ? Character.compare(a, b) : Character.isSurrogate(a) ? 1 : -1;
      }
    }
    return Integer.compare(one.length(), other.length());
  }
}
