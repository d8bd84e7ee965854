package dev.dovetable.core.internal.connection;

/**
 * Texts that go to the driver as one. Immutable and thread-safe.
 *
 * @param text all of them, none at all if it is empty
 * @param count how many results they have, one each
 */
record Queries(String text, int count) {
  static final Queries NONE = new Queries("", 0);

  /** On a line of its own, because a text may end with a comment. */
  private static final String BETWEEN = "\n;\n";

  static Queries of(String query) {
    return new Queries(query, 1);
  }

  boolean isEmpty() {
    return count == 0;
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

  /** The same, in a transaction of its own. */
  String asTransaction(String begin, String sql) {
    return begin + BETWEEN + text + BETWEEN + sql + BETWEEN + "commit";
  }
}
