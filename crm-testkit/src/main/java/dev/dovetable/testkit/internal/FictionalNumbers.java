package dev.dovetable.testkit.internal;

/**
 * Telephone numbers that reach nobody: the ranges that regulators keep free for films, books and
 * tests, as WhatsApp writes them (country code first, digits only).
 *
 * <ul>
 *   <li>North America: 555-0100 to 555-0199 behind any area code
 *   <li>United Kingdom, Ofcom's numbers for drama: 07700 900000 to 900999, and 496 0000 to 496 0999
 *       behind the area codes of ten cities
 *   <li>Australia, ACMA's numbers for creative works: 5550 xxxx and 7010 xxxx behind 02, 03, 07, 08
 *   <li>France, Arcep's numbers for audiovisual works: 06 39 98 xx xx
 * </ul>
 */
public final class FictionalNumbers {
  private static final String[] AMERICAN_AREAS = {
    "202", "206", "212", "303", "305", "312", "404", "415", "416", "503", "512", "514", "602",
    "604", "612", "617", "702", "713", "786", "808", "907", "917", "919", "978"
  };
  private static final String[] BRITISH_AREAS = {
    "113", "114", "115", "116", "117", "118", "121", "131", "141", "161"
  };
  private static final String[] AUSTRALIAN_AREAS = {"2", "3", "7", "8"};
  private static final String[] AUSTRALIAN_BLOCKS = {"5550", "7010"};
  private static final int AUSTRALIAN = AUSTRALIAN_AREAS.length * AUSTRALIAN_BLOCKS.length * 10_000;

  /** How many there are. */
  public static final int COUNT =
      AMERICAN_AREAS.length * 100 + 1_000 + BRITISH_AREAS.length * 1_000 + 10_000 + AUSTRALIAN;

  /** Prime to {@link #COUNT}, so that neighbours come from all countries and none comes twice. */
  private static final int STEP = 7_919;

  private FictionalNumbers() {}

  /** Another number for each n below {@link #COUNT}; they repeat then. */
  public static String nth(int n) {
    return at((int) ((long) n * STEP % COUNT));
  }

  private static String at(int place) {
    int rest = place;
    if (rest < AMERICAN_AREAS.length * 100) {
      return "1" + AMERICAN_AREAS[rest / 100] + "55501" + digits(rest % 100, 2);
    }
    rest -= AMERICAN_AREAS.length * 100;
    if (rest < 1_000) {
      return "447700900" + digits(rest, 3);
    }
    rest -= 1_000;
    if (rest < BRITISH_AREAS.length * 1_000) {
      return "44" + BRITISH_AREAS[rest / 1_000] + "4960" + digits(rest % 1_000, 3);
    }
    rest -= BRITISH_AREAS.length * 1_000;
    if (rest < 10_000) {
      return "3363998" + digits(rest, 4);
    }
    rest -= 10_000;
    int block = rest / 10_000;
    return "61"
        + AUSTRALIAN_AREAS[block / AUSTRALIAN_BLOCKS.length]
        + AUSTRALIAN_BLOCKS[block % AUSTRALIAN_BLOCKS.length]
        + digits(rest % 10_000, 4);
  }

  /** Not String.format, which writes the digits of the JVM's language. */
  private static String digits(int number, int length) {
    String text = Integer.toString(number);
    return "0".repeat(length - text.length()) + text;
  }
}
