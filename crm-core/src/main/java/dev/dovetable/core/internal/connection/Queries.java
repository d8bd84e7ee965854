package dev.dovetable.core.internal.connection;

/**
 * Texts that go to the driver as one. Immutable and thread-safe.
 *
 * @param text all of them, none at all if it is empty
 * @param count how many results they have, one each
 */
public record Queries(String text, int count) {
  static final Queries NONE = new Queries("", 0);

  /** What would run at the end of the transaction, possibly as somebody else. */
  static final String FIRE_TRIGGERS = "set constraints all immediate";

  /** On a line of its own, because a text may end with a comment. */
  private static final String BETWEEN = "\n;\n";

  static Queries of(String query) {
    return new Queries(query, 1);
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** The same with a value in the place of a mark. Neither may need to be escaped. */
  public Queries with(String mark, String value) {
    return new Queries(text.replace(mark, value), count);
  }

  Queries then(Queries next) {
    if (next.count == 0) {
      return this;
    }
    return count == 0 ? next : new Queries(text + BETWEEN + next.text, count + next.count);
  }

  /** A statement behind them, which may be several. */
  String before(String sql) {
    return count == 0 ? sql : text + BETWEEN + sql;
  }

  /** The same, with one more query behind it. */
  String around(String sql, String last) {
    return before(sql) + BETWEEN + last;
  }

  /** The same, in a transaction of its own, at whose end the session is restored. */
  String asTransaction(String begin, String sql, String restore) {
    return asTransaction(begin, sql + BETWEEN + FIRE_TRIGGERS + BETWEEN + restore);
  }

  /** The same, in a transaction of its own. */
  String asTransaction(String begin, String sql) {
    return begin + BETWEEN + text + BETWEEN + sql + BETWEEN + "commit";
  }
}
