package dev.dovetable.schema.migration;

import dev.dovetable.schema.migration.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts SQL into tokens as PostgreSQL does, without comments. Not thread-safe. */
final class SqlLexer {
  private static final Pattern WORD = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_$]*");
  private static final Pattern DOLLAR_QUOTE =
      Pattern.compile("\\$(?:[\\p{L}_][\\p{L}\\p{N}_]*)?\\$");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)\\}");

  private final String sql;
  private final List<SqlToken> tokens = new ArrayList<>();
  private int position;
  private int line;

  private SqlLexer(String sql, int line) {
    this.sql = sql;
    this.line = line;
  }

  static List<SqlToken> tokens(String sql) {
    return tokens(sql, 1);
  }

  /**
   * Of a part of a file.
   *
   * @param line where it begins there
   */
  static List<SqlToken> tokens(String sql, int line) {
    SqlLexer lexer = new SqlLexer(sql, line);
    while (lexer.position < sql.length()) {
      lexer.next();
    }
    return lexer.tokens;
  }

  private void next() {
    char c = sql.charAt(position);
    if (Character.isWhitespace(c)) {
      skipTo(position + 1);
    } else if (sql.startsWith("--", position)) {
      skipTo(endOf("\n", position));
    } else if (sql.startsWith("/*", position)) {
      skipTo(endOfComment());
    } else if (c == '\'') {
      add(Kind.STRING, endOfQuoted('\'', isEscapeString()));
    } else if (c == '"') {
      add(Kind.QUOTED, endOfQuoted('"', false));
    } else {
      nameOrSymbol(c);
    }
  }

  private void nameOrSymbol(char c) {
    Matcher dollarQuote = at(DOLLAR_QUOTE);
    Matcher word = at(WORD);
    Matcher placeholder = at(PLACEHOLDER);
    if (c == '$' && dollarQuote.lookingAt()) {
      add(Kind.STRING, endOf(dollarQuote.group(), dollarQuote.end()));
    } else if (word.lookingAt()) {
      add(Kind.WORD, word.end());
    } else if (placeholder.lookingAt()) {
      tokens.add(new SqlToken(Kind.PLACEHOLDER, placeholder.group(1), line, position));
      skipTo(placeholder.end());
    } else {
      add(Kind.SYMBOL, position + 1);
    }
  }

  private Matcher at(Pattern pattern) {
    return pattern.matcher(sql).region(position, sql.length());
  }

  /** In {@code E'…'} a backslash takes the next character along. */
  private boolean isEscapeString() {
    if (tokens.isEmpty() || position == 0) {
      return false;
    }
    boolean adjacent = Character.toLowerCase(sql.charAt(position - 1)) == 'e';
    return adjacent && tokens.get(tokens.size() - 1).is("e");
  }

  private int endOfQuoted(char quote, boolean escapes) {
    for (int i = position + 1; i < sql.length(); i++) {
      if (escapes && sql.charAt(i) == '\\') {
        i++;
      } else if (sql.charAt(i) == quote) {
        if (i + 1 < sql.length() && sql.charAt(i + 1) == quote) {
          i++;
        } else {
          return i + 1;
        }
      }
    }
    return sql.length();
  }

  /** PostgreSQL's comments nest. */
  private int endOfComment() {
    int depth = 0;
    for (int i = position; i < sql.length() - 1; i++) {
      if (sql.startsWith("/*", i)) {
        depth++;
        i++;
      } else if (sql.startsWith("*/", i)) {
        depth--;
        i++;
        if (depth == 0) {
          return i + 1;
        }
      }
    }
    return sql.length();
  }

  private int endOf(String end, int from) {
    int found = sql.indexOf(end, from);
    return found < 0 ? sql.length() : found + end.length();
  }

  private void add(Kind kind, int end) {
    tokens.add(new SqlToken(kind, sql.substring(position, end), line, position));
    skipTo(end);
  }

  private void skipTo(int end) {
    for (; position < end; position++) {
      if (sql.charAt(position) == '\n') {
        line++;
      }
    }
  }
}
