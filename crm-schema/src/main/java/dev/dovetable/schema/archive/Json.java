package dev.dovetable.schema.archive;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A value of the little JSON that is in an archive, whose text is bounded. What isn't as expected
 * throws {@link Malformed}. Immutable.
 */
final class Json {
  /** Any value of JSON in Java's terms; {@code NULL} for null. */
  private final Object value;

  private static final Object NULL = new Object();

  private Json(Object value) {
    this.value = value;
  }

  /** It is no JSON, or isn't what it should be. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String problem) {
      super(problem);
    }
  }

  static Json parse(String text) throws Malformed {
    Parser parser = new Parser(text);
    Json json = new Json(parser.value(0));
    parser.end();
    return json;
  }

  private Optional<Object> find(String key) throws Malformed {
    if (!(value instanceof Map<?, ?> map)) {
      throw new Malformed("there is no object around " + key);
    }
    return Optional.<Object>ofNullable(map.get(key)).filter(found -> found != NULL);
  }

  private Object need(String key) throws Malformed {
    return find(key).orElseThrow(() -> new Malformed(key + " is missing"));
  }

  boolean has(String key) throws Malformed {
    return find(key).isPresent();
  }

  Json get(String key) throws Malformed {
    return new Json(need(key));
  }

  String text(String key) throws Malformed {
    if (need(key) instanceof String text) {
      return text;
    }
    throw new Malformed(key + " is no text");
  }

  boolean bool(String key) throws Malformed {
    if (need(key) instanceof Boolean bool) {
      return bool;
    }
    throw new Malformed(key + " is neither true nor false");
  }

  long number(String key) throws Malformed {
    if (need(key) instanceof Long number) {
      return number;
    }
    throw new Malformed(key + " is no whole number");
  }

  List<Json> list(String key) throws Malformed {
    if (need(key) instanceof List<?> list) {
      List<Json> values = new ArrayList<>();
      for (Object one : list) {
        values.add(new Json(one));
      }
      return values;
    }
    throw new Malformed(key + " is no list");
  }

  /** The keys of this object. */
  List<String> keys() throws Malformed {
    if (value instanceof Map<?, ?> map) {
      return map.keySet().stream().map(String::valueOf).toList();
    }
    throw new Malformed("there is no object");
  }

  private static final class Parser {
    private static final int MAX_DEPTH = 16;

    private final String text;
    private int at;

    Parser(String text) {
      this.text = text;
    }

    Object value(int depth) throws Malformed {
      if (depth > MAX_DEPTH) {
        throw new Malformed("it is nested too deeply");
      }
      skipSpace();
      return switch (peek()) {
        case '{' -> object(depth);
        case '[' -> list(depth);
        case '"' -> string();
        case 't' -> word("true", Boolean.TRUE);
        case 'f' -> word("false", Boolean.FALSE);
        case 'n' -> word("null", NULL);
        default -> number();
      };
    }

    void end() throws Malformed {
      skipSpace();
      if (at < text.length()) {
        throw unexpected();
      }
    }

    private Map<String, Object> object(int depth) throws Malformed {
      Map<String, Object> object = new LinkedHashMap<>();
      at++;
      if (isNext('}')) {
        return object;
      }
      do {
        skipSpace();
        String key = string();
        if (!isNext(':')) {
          throw unexpected();
        }
        if (object.put(key, value(depth + 1)) != null) {
          throw new Malformed("a key stands twice");
        }
      } while (isNext(','));
      if (!isNext('}')) {
        throw unexpected();
      }
      return object;
    }

    private List<Object> list(int depth) throws Malformed {
      List<Object> list = new ArrayList<>();
      at++;
      if (isNext(']')) {
        return list;
      }
      do {
        list.add(value(depth + 1));
      } while (isNext(','));
      if (!isNext(']')) {
        throw unexpected();
      }
      return list;
    }

    private String string() throws Malformed {
      if (peek() != '"') {
        throw unexpected();
      }
      StringBuilder string = new StringBuilder();
      at++;
      while (peek() != '"') {
        char c = text.charAt(at++);
        if (c == '\\') {
          string.append(escaped());
        } else if (c < ' ') {
          throw unexpected();
        } else {
          string.append(c);
        }
      }
      at++;
      return string.toString();
    }

    private char escaped() throws Malformed {
      char c = peek();
      at++;
      return switch (c) {
        case '"', '\\', '/' -> c;
        case 'b' -> '\b';
        case 'f' -> '\f';
        case 'n' -> '\n';
        case 'r' -> '\r';
        case 't' -> '\t';
        case 'u' -> unicode();
        default -> throw unexpected();
      };
    }

    private char unicode() throws Malformed {
      int code = 0;
      for (int i = 0; i < 4; i++) {
        int digit = Character.digit(peek(), 16);
        if (digit < 0) {
          throw unexpected();
        }
        code = code * 16 + digit;
        at++;
      }
      return (char) code;
    }

    private Object word(String word, Object meaning) throws Malformed {
      if (!text.startsWith(word, at)) {
        throw unexpected();
      }
      at += word.length();
      return meaning;
    }

    /** Whole ones alone: there are no others in an archive. */
    private Long number() throws Malformed {
      int begin = at;
      while (at < text.length() && "-0123456789".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
      try {
        return Long.valueOf(text.substring(begin, at));
      } catch (NumberFormatException e) {
        throw unexpected();
      }
    }

    private boolean isNext(char c) {
      skipSpace();
      if (at < text.length() && text.charAt(at) == c) {
        at++;
        return true;
      }
      return false;
    }

    private char peek() throws Malformed {
      if (at >= text.length()) {
        throw new Malformed("it ends too early");
      }
      return text.charAt(at);
    }

    private void skipSpace() {
      while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private Malformed unexpected() {
      return new Malformed("it is no JSON at character " + at);
    }
  }
}
