package dev.dovetable.core.internal.sql;

import dev.dovetable.core.common.Cursor;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.InvalidDataException.Kind;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.internal.text.SealedText;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Paging by keyset: what the opaque cursors of lists hold, and how a page is cut. */
public final class Keyset {
  private static final String SEPARATOR = "~";

  /** PostgreSQL counts from 2000, so its last thirty years are beyond what a long can count to. */
  private static final BigInteger MICROS = BigInteger.valueOf(1_000_000);

  private static final long NANOS_PER_MICRO = 1_000;

  /** Digits and a sign; enough for all that PostgreSQL holds. */
  private static final int MAX_MICROS = 20;

  /** In place of microseconds, which can't count to them; another client may have written them. */
  private static final String AFTER_ALL = "infinity";

  private static final String BEFORE_ALL = "-infinity";

  private Keyset() {}

  /** A cursor into the named list; the name says whose and which, so that it fits no other. */
  public static Cursor cursor(String list, Object... keys) {
    StringBuilder content = new StringBuilder(list);
    for (Object key : keys) {
      content.append(SEPARATOR).append(key instanceof Instant time ? text(time) : key.toString());
    }
    return Cursor.parse(SealedText.seal(content.toString()));
  }

  /** The keys in it, if it belongs to the named list and has as many. */
  public static List<String> keys(Cursor cursor, String list, int count) {
    String[] parts = SealedText.open(cursor.toString()).orElseThrow().split(SEPARATOR, -1);
    if (!parts[0].equals(list) || parts.length != count + 1) {
      throw new InvalidDataException(
          Kind.CURSOR,
          "The cursor belongs to another list.",
          "Use a cursor only with the list and the agent that it came from, and where the list is one"
              + " customer's or one state's, with the same one.");
    }
    return List.of(parts).subList(1, parts.length);
  }

  public static int toInt(String key) {
    try {
      return Integer.parseInt(key);
    } catch (NumberFormatException e) {
      throw damaged(e);
    }
  }

  public static long toLong(String key) {
    try {
      return Long.parseLong(key);
    } catch (NumberFormatException e) {
      throw damaged(e);
    }
  }

  public static UUID toUuid(String key) {
    UUID id;
    try {
      id = UUID.fromString(key);
    } catch (IllegalArgumentException e) {
      throw damaged(e);
    }
    if (!id.toString().equals(key)) {
      throw damaged(null); // fewer digits, which Java fills up
    }
    return id;
  }

  public static Instant toInstant(String key) {
    if (key.equals(AFTER_ALL)) {
      return Times.AFTER_ALL;
    }
    if (key.equals(BEFORE_ALL)) {
      return Times.BEFORE_ALL;
    }
    if (key.length() > MAX_MICROS) {
      throw damaged(null);
    }
    try {
      BigInteger[] parts = new BigInteger(key).divideAndRemainder(MICROS);
      Instant time =
          Instant.ofEpochSecond(
              parts[0].longValueExact(), parts[1].longValueExact() * NANOS_PER_MICRO);
      return Times.require(time, "time");
    } catch (NumberFormatException | InvalidDataException e) {
      throw damaged(e);
    }
  }

  static InvalidDataException damaged(@Nullable Throwable cause) {
    return new InvalidDataException(
        Kind.CURSOR,
        "The text is not a cursor of this library.",
        "Pass the text of a page's cursor unchanged, or start with the first page.",
        cause);
  }

  /** A page from one element more than it may have, which tells whether there is a next one. */
  public static <T> Page<T> page(List<T> fetched, PageRequest request, Function<T, Cursor> cursor) {
    if (fetched.size() <= request.limit()) {
      return new Page<>(fetched, Optional.empty());
    }
    List<T> items = fetched.subList(0, request.limit());
    return new Page<>(items, Optional.of(cursor.apply(items.get(items.size() - 1))));
  }

  private static String text(Instant time) {
    if (!Times.isFinite(time)) {
      return time.isBefore(Instant.EPOCH) ? BEFORE_ALL : AFTER_ALL;
    }
    return BigInteger.valueOf(time.getEpochSecond())
        .multiply(MICROS)
        .add(BigInteger.valueOf(time.getNano() / NANOS_PER_MICRO))
        .toString();
  }
}
