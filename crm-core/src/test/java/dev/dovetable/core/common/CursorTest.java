package dev.dovetable.core.common;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.common.InvalidDataException.Kind;
import dev.dovetable.core.fixture.Thrown;
import dev.dovetable.core.internal.sql.Keyset;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
  private static final Cursor CURSOR =
      Keyset.cursor("shop.timeline.7", Instant.parse("1969-12-31T23:59:59.999999Z"), 42);

  @Test
  void keysComeBack() {
    var keys = Keyset.keys(Cursor.parse(CURSOR.toString()), "shop.timeline.7", 2);
    assertThat(Keyset.toInstant(keys.get(0))).isEqualTo("1969-12-31T23:59:59.999999Z");
    assertThat(Keyset.toInt(keys.get(1))).isEqualTo(42);
    assertThat(Cursor.parse(CURSOR.toString())).isEqualTo(CURSOR).hasSameHashCodeAs(CURSOR);
  }

  @Test
  void textFitsIntoAUrl() {
    assertThat(CURSOR.toString()).matches("[A-Za-z0-9_-]+");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "x", "AAAAAA", "!!!!", "💥", "../../etc/passwd", "' or 1=1 --"})
  void otherTextIsRefused(String text) {
    Thrown.invalid(Kind.CURSOR, () -> Cursor.parse(text));
  }

  @Test
  void everyChangedBitIsNoticed() {
    byte[] bytes = Base64.getUrlDecoder().decode(CURSOR.toString());
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      String text = Base64.getUrlEncoder().withoutPadding().encodeToString(changed);
      Thrown.invalid(Kind.CURSOR, () -> Cursor.parse(text));
    }
  }

  @Test
  void endlessTextIsRefused() {
    Thrown.invalid(Kind.CURSOR, () -> Cursor.parse("A".repeat(100_000_000)));
  }

  @Test
  void forgedKeysAreRefusedToo() {
    Thrown.invalid(Kind.CURSOR, () -> Keyset.toInt(key("12345678901")));
    Thrown.invalid(Kind.CURSOR, () -> Keyset.toLong(key("1 or 1=1")));
    Thrown.invalid(Kind.CURSOR, () -> Keyset.toUuid(key("no-uuid")));
    Thrown.invalid(Kind.CURSOR, () -> Keyset.keys(Keyset.cursor("list", "a~b"), "list", 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1001, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void limitsOfPagesAreBounded(int limit) {
    Thrown.invalid(Kind.OUT_OF_BOUNDS, () -> PageRequest.first(limit));
  }

  private static String key(String text) {
    return Keyset.keys(Cursor.parse(Keyset.cursor("list", text).toString()), "list", 1).get(0);
  }
}
