package dev.dovetable.core;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.InvalidDataException.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of a list ended. Opaque: its text is for handing back, to the list it came from.
 *
 * <p>A cursor holds ids and times, never names or phone numbers, and gives no rights: what it leads
 * to is subject to row level security like everything else. Immutable and thread-safe.
 */
public final class Cursor {
  private static final String SEPARATOR = "~";
  private static final int MAX_LENGTH = 300;

  /** In place of microseconds, which can't count to them; another client may have written them. */
  private static final String AFTER_ALL = "infinity";

  private static final String BEFORE_ALL = "-infinity";

  private final String text;

  private Cursor(String text) {
    this.text = text;
  }

  /**
   * A cursor from its text, such as a query parameter. Whether it fits the list shows when that is
   * asked for the page.
   *
   * @param text what {@link #toString()} gave
   * @return the cursor
   * @throws InvalidDataException if the text is no cursor's ({@link Kind#CURSOR})
   */
  public static Cursor parse(String text) {
    Cursor cursor = new Cursor(requireNonNull(text, "text"));
    cursor.decode();
    return cursor;
  }

  /** A cursor into the named list; the name says whose and which, so that it fits no other. */
  static Cursor of(String list, Object... keys) {
    StringBuilder content = new StringBuilder(list);
    for (Object key : keys) {
      content.append(SEPARATOR).append(key instanceof Instant time ? text(time) : key.toString());
    }
    byte[] bytes = content.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer sealed = ByteBuffer.allocate(bytes.length + Integer.BYTES);
    sealed.put(bytes).putInt(checksum(bytes));
    return new Cursor(encode(sealed.array()));
  }

  /** The keys in it, if it belongs to the named list and has as many. */
  List<String> keys(String list, int count) {
    String[] parts = decode().split(SEPARATOR, -1);
    if (!parts[0].equals(list) || parts.length != count + 1) {
      throw new InvalidDataException(
          Kind.CURSOR,
          "The cursor belongs to another list.",
          "Use a cursor only with the list, the agent and the arguments that it came from.");
    }
    return List.of(parts).subList(1, parts.length);
  }

  static int toInt(String key) {
    try {
      return Integer.parseInt(key);
    } catch (NumberFormatException e) {
      throw damaged(e);
    }
  }

  static long toLong(String key) {
    try {
      return Long.parseLong(key);
    } catch (NumberFormatException e) {
      throw damaged(e);
    }
  }

  static UUID toUuid(String key) {
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

  static Instant toInstant(String key) {
    if (key.equals(AFTER_ALL)) {
      return Times.AFTER_ALL;
    }
    if (key.equals(BEFORE_ALL)) {
      return Times.BEFORE_ALL;
    }
    long micros = toLong(key);
    Instant time =
        Instant.ofEpochSecond(
            Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
    try {
      return Times.require(time, "time");
    } catch (InvalidDataException e) {
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

  private String decode() {
    if (text.length() > MAX_LENGTH) {
      throw damaged(null);
    }
    byte[] sealed;
    try {
      sealed = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw damaged(e);
    }
    // Padding, and bits of the last letter that stand for nothing, would pass unnoticed.
    if (sealed.length <= Integer.BYTES || !encode(sealed).equals(text)) {
      throw damaged(null);
    }
    byte[] bytes = new byte[sealed.length - Integer.BYTES];
    ByteBuffer content = ByteBuffer.wrap(sealed).get(bytes);
    if (content.getInt() != checksum(bytes)) {
      throw damaged(null);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String encode(byte[] sealed) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
  }

  private static String text(Instant time) {
    if (!Times.isFinite(time)) {
      return time.isBefore(Instant.EPOCH) ? BEFORE_ALL : AFTER_ALL;
    }
    long micros =
        Math.addExact(
            Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1_000L);
    return Long.toString(micros);
  }

  /** Against accidents, not against forgers: whoever forges one reads what they may read anyway. */
  private static int checksum(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Cursor cursor && cursor.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /**
   * The text that {@link #parse(String)} takes: letters, digits, {@code -} and {@code _}, at most
   * 300 of them.
   *
   * @return the text
   */
  @Override
  public String toString() {
    return text;
  }
}
