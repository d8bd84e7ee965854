package dev.dovetable.core.messages;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the words of a search are in a text, compared as search_text() of the database compares
 * them: whatever the case, accents and width. Immutable and thread-safe.
 */
final class Highlights {
  private static final int MAX_QUERY = 1000;
  private static final int MAX_WORDS = 8;
  private static final int MAX_WORD = 100;
  private static final int PIECE = 3;

  /** Accents and points, and what joins or varies the letters beside it. */
  private static final Pattern MARKS =
      Pattern.compile(
          "[\\u0300-\\u036f\\u0483-\\u0489\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7"
              + "\\u0610-\\u061a\\u0640\\u064b-\\u065f\\u0670\\u06d6-\\u06dc\\u06df-\\u06e8\\u06ea-\\u06ed"
              + "\\u093c\\u09bc\\u0a3c\\u0abc\\u0b3c\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064"
              + "\\ufe00-\\ufe0f\\ufeff]+");

  private static final Pattern PUNCTUATION =
      Pattern.compile(
          "[\\x00-/:-@\\[-`{-\\xbf\\u00d7\\u00f7\\u0589\\u05be\\u05c0\\u05c3\\u05f3\\u05f4\\u060c\\u061b\\u061f"
              + "\\u066a-\\u066d\\u06d4\\u0964\\u0965\\u0e5a\\u0e5b\\u1361-\\u1368\\u2010-\\u2029\\u202f-\\u205f"
              + "\\u20a0-\\u20cf\\u2190-\\u23ff\\u2500-\\u25ff\\u2e00-\\u2e7f\\u3000-\\u303f\\u30fb\\ufe30-\\ufe6f"
              + "\\uff00-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65]");

  /** Of scripts without blanks, and pictures. */
  private static final String RUN =
      "\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff"
          + "\\uac00-\\ud7af\\u2600-\\u27bf\\x{1f000}-\\x{1faff}\\x{20000}-\\x{3ffff}";

  private static final Pattern WORD = Pattern.compile("[" + RUN + "]+|[^ " + RUN + "]+");
  private static final Pattern PIECES =
      Pattern.compile("[" + RUN + "]+|[0-9]{" + PIECE + "," + MAX_WORD + "}");
  private static final Pattern BETWEEN_WORDS = Pattern.compile("[ " + RUN + "]");

  private final List<Word> words;

  private Highlights(List<Word> words) {
    this.words = words;
  }

  static Highlights of(String query) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(Plain.of(beginning(query, MAX_QUERY)).text);
    while (word.find() && words.size() < MAX_WORDS) {
      words.add(beginning(word.group(), MAX_WORD));
    }
    List<Word> all = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      all.add(Word.of(words.get(i), i == words.size() - 1));
    }
    return new Highlights(all);
  }

  private static String beginning(String text, int length) {
    return text.codePointCount(0, text.length()) <= length
        ? text
        : text.substring(0, text.offsetByCodePoints(0, length));
  }

  /**
   * A word that is looked for.
   *
   * @param isAnywhere whether it may stand within another one
   * @param isBeginning whether it may go on
   */
  private record Word(String text, boolean isAnywhere, boolean isBeginning) {
    static Word of(String text, boolean isLast) {
      boolean isAscii = text.chars().allMatch(c -> c < 128);
      return new Word(
          text, PIECES.matcher(text).matches(), !isAscii || isLast && text.length() > 1);
    }

    boolean isAt(String plain, int start) {
      int end = start + text.length();
      boolean begins = start == 0 || isBetweenWords(plain.codePointBefore(start));
      boolean ends = end == plain.length() || isBetweenWords(plain.codePointAt(end));
      return isAnywhere || begins && (ends || isBeginning);
    }

    private static boolean isBetweenWords(int point) {
      return BETWEEN_WORDS.matcher(Character.toString(point)).matches();
    }
  }

  List<FoundMessage.Match> in(String text) {
    Plain plain = Plain.of(text);
    BitSet marked = new BitSet(text.length());
    for (Word word : words) {
      int start = plain.text.indexOf(word.text);
      while (start >= 0) {
        if (word.isAt(plain.text, start)) {
          marked.set(plain.starts[start], plain.ends[start + word.text.length() - 1]);
        }
        start = plain.text.indexOf(word.text, start + 1);
      }
    }
    List<FoundMessage.Match> matches = new ArrayList<>();
    for (int start = marked.nextSetBit(0); start >= 0; ) {
      int end = marked.nextClearBit(start);
      matches.add(new FoundMessage.Match(start, end));
      start = marked.nextSetBit(end);
    }
    return matches;
  }

  /**
   * A text as it is compared. What makes one character for people, such as a letter with accents
   * behind it, is compared and marked as a whole.
   *
   * @param starts where in the text itself begins what each char comes from
   * @param ends where that ends
   */
  private record Plain(String text, int[] starts, int[] ends) {
    static Plain of(String text) {
      StringBuilder plain = new StringBuilder();
      List<int[]> origins = new ArrayList<>();
      for (int start = 0; start < text.length(); ) {
        int end = endOfCharacter(text, start);
        plain.append(compared(text.substring(start, end)));
        while (origins.size() < plain.length()) {
          origins.add(new int[] {start, end});
        }
        start = end;
      }
      return new Plain(
          plain.toString(),
          origins.stream().mapToInt(origin -> origin[0]).toArray(),
          origins.stream().mapToInt(origin -> origin[1]).toArray());
    }

    private static int endOfCharacter(String text, int start) {
      int end = start + Character.charCount(text.codePointAt(start));
      while (end < text.length() && isMark(text.codePointAt(end))) {
        end += Character.charCount(text.codePointAt(end));
      }
      return end;
    }

    /** Those of kana in half width are letters to Unicode. */
    private static boolean isMark(int point) {
      return switch (Character.getType(point)) {
        case Character.NON_SPACING_MARK,
            Character.COMBINING_SPACING_MARK,
            Character.ENCLOSING_MARK ->
            true;
        default -> point == 0xff9e || point == 0xff9f;
      };
    }

    private static String compared(String one) {
      String lower = Normalizer.normalize(one, Normalizer.Form.NFKD).toLowerCase(Locale.ROOT);
      String bare = Normalizer.normalize(MARKS.matcher(lower).replaceAll(""), Normalizer.Form.NFC);
      StringBuilder letters = new StringBuilder();
      bare.chars().forEach(c -> letters.append(letters((char) c)));
      return PUNCTUATION.matcher(letters).replaceAll(" ");
    }

    private static String letters(char one) {
      return switch (one) {
        case '\u0131' -> "i";
        case '\u00f8' -> "o";
        case '\u0142' -> "l";
        case '\u0111', '\u00f0' -> "d";
        case '\u0127' -> "h";
        case '\u03c2' -> "\u03c3";
        case '\u0649', '\u06cc' -> "\u064a";
        case '\u0629' -> "\u0647";
        case '\u06a9' -> "\u0643";
        case '\u00df' -> "ss";
        case '\u00e6' -> "ae";
        case '\u0153' -> "oe";
        case '\u00fe' -> "th";
        default -> String.valueOf(one);
      };
    }
  }
}
