package dev.dovetable.core.internal.text;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32;

/** Text in letters that fit into a URL, with a checksum against accidents, not against forgers. */
public final class SealedText {

  private SealedText() {}

  public static String seal(String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    ByteBuffer sealed = ByteBuffer.allocate(bytes.length + Integer.BYTES);
    sealed.put(bytes).putInt(checksum(bytes));
    return encode(sealed.array());
  }

  /** What was sealed; empty if the text is none, or not unchanged. */
  public static Optional<String> open(String text) {
    byte[] sealed;
    try {
      sealed = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    // Padding, and bits of the last letter that stand for nothing, would pass unnoticed.
    if (sealed.length <= Integer.BYTES || !encode(sealed).equals(text)) {
      return Optional.empty();
    }
    byte[] bytes = new byte[sealed.length - Integer.BYTES];
    ByteBuffer content = ByteBuffer.wrap(sealed).get(bytes);
    return content.getInt() == checksum(bytes)
        ? Optional.of(new String(bytes, StandardCharsets.UTF_8))
        : Optional.empty();
  }

  private static String encode(byte[] sealed) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
  }

  private static int checksum(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
