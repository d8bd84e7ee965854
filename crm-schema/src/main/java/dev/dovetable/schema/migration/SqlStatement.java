package dev.dovetable.schema.migration;

import dev.dovetable.schema.migration.SqlToken.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tokens of one SQL statement, at least one. Immutable. */
record SqlStatement(List<SqlToken> tokens) {

  static List<SqlStatement> all(String sql) {
    List<SqlStatement> statements = new ArrayList<>();
    List<SqlToken> current = new ArrayList<>();
    for (SqlToken token : SqlLexer.tokens(sql)) {
      if (!token.is(";")) {
        current.add(token);
      } else if (!current.isEmpty()) {
        statements.add(new SqlStatement(List.copyOf(current)));
        current.clear();
      }
    }
    if (!current.isEmpty()) {
      statements.add(new SqlStatement(List.copyOf(current)));
    }
    return statements;
  }

  /** Where the first word stands, counted from 1. */
  int line() {
    return get(0).line();
  }

  /**
   * It as it is written.
   *
   * @param sql what it was read from
   */
  String text(String sql) {
    return sql.substring(get(0).begin(), get(size() - 1).end());
  }

  int size() {
    return tokens.size();
  }

  /** The token there; the last one if there are fewer. */
  SqlToken get(int at) {
    return tokens.get(Math.min(at, tokens.size() - 1));
  }

  boolean isAt(int at, String... words) {
    for (int i = 0; i < words.length; i++) {
      if (at + i >= size() || !get(at + i).is(words[i])) {
        return false;
      }
    }
    return true;
  }

  /** The first words in lower case, each with a space behind it. */
  String start() {
    return tokens.stream()
        .limit(4)
        .takeWhile(token -> token.is(Kind.WORD))
        .map(token -> token.lower() + " ")
        .collect(Collectors.joining());
  }

  /** The first place of a word, or -1. */
  int indexOf(String word) {
    for (int i = 0; i < size(); i++) {
      if (get(i).is(word)) {
        return i;
      }
    }
    return -1;
  }

  /** The first place from there on that holds none of the words. */
  int skip(int from, String... words) {
    int at = from;
    while (at < size() && Stream.of(words).anyMatch(get(at)::is)) {
      at++;
    }
    return at;
  }

  /**
   * It with the tokens of literals between dollar signs, such as a function's body, in place of
   * these.
   */
  SqlStatement withBodies() {
    List<SqlToken> all = new ArrayList<>();
    for (SqlToken token : tokens) {
      String body = token.dollarQuoted();
      if (body == null) {
        all.add(token);
      } else {
        all.addAll(SqlLexer.tokens(body, token.line()));
      }
    }
    return new SqlStatement(List.copyOf(all));
  }

  /** The names of {@code with name as (…)} and {@code with name (columns) as (…)}. */
  Set<String> namesOfExpressions() {
    Set<String> names = new LinkedHashSet<>();
    for (int i = 1; i < size(); i++) {
      SqlToken before = get(i - 1);
      boolean begins = before.is("with") || before.is(",") || before.is("recursive");
      if (begins && get(i).is(Kind.WORD)) {
        int next = get(i + 1).is("(") ? afterParentheses(i + 1) : i + 1;
        if (isAt(next, "as", "(") || isAt(next, "as", "materialized") || isAt(next, "as", "not")) {
          names.add(get(i).lower());
        }
      }
    }
    return names;
  }

  private int afterParentheses(int open) {
    int depth = 0;
    for (int i = open; i < size(); i++) {
      if (get(i).is("(")) {
        depth++;
      } else if (get(i).is(")")) {
        depth--;
        if (depth == 0) {
          return i + 1;
        }
      }
    }
    return size();
  }
}
