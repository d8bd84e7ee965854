package dev.dovetable.testkit.internal;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.UUID;

/** Where a fixture's numbers come from. */
public final class Seeds {
  private Seeds() {}

  /**
   * The same numbers for the same arguments, on every Java: the algorithm of {@link Random} is part
   * of its specification.
   *
   * @param offset how many rows of this kind there were before
   */
  public static Random random(String prefix, String kind, long offset) {
    return new Random(hash(prefix + ' ' + kind + ' ' + offset).getMostSignificantBits());
  }

  /** Eight hexadecimal digits, the same for the same text. */
  public static String hex(String of) {
    return hash(of).toString().substring(0, 8);
  }

  public static UUID hash(String text) {
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
