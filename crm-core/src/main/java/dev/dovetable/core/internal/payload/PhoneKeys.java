package dev.dovetable.core.internal.payload;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Match keys of phone numbers: two ways to write one number have the same key. WhatsApp's own ids
 * differ from the numbers that people dial in Brazil, Mexico and Argentina. A key is for comparing;
 * what is stored stays as it was given.
 */
public final class PhoneKeys {

  private static final Pattern SEPARATORS = Pattern.compile("[+\\s().\\-/\u00a0]");
  private static final Pattern INTERNATIONAL_PREFIX = Pattern.compile("^(?:00)+");

  /**
   * Mobile numbers that had eight digits before Brazil put a 9 in front of them: these began with 6
   * to 9. Newer ones never had eight digits, and without their 9 would be somebody's fixed line.
   */
  private static final Pattern BRAZIL_LONG = Pattern.compile("55([1-9]\\d)9([6-9]\\d{7})");

  private static final Pattern BRAZIL_SHORT = Pattern.compile("55([1-9]\\d)([6-9]\\d{7})");

  /** Dialled to mobile numbers until 2020. */
  private static final Pattern MEXICO_LONG = Pattern.compile("521(\\d{10})");

  private static final Pattern MEXICO_SHORT = Pattern.compile("52(\\d{10})");

  /** Dialled to mobile numbers from abroad. */
  private static final Pattern ARGENTINA_LONG = Pattern.compile("549(\\d{10})");

  private static final Pattern ARGENTINA_SHORT = Pattern.compile("54(\\d{10})");

  /** What the codes of these countries begin with. */
  private static final String COUNTRIES = "5";

  private static final int MAX_DIGITS = 15;

  private PhoneKeys() {}

  /**
   * The key of a number: its digits, with Brazil's 9, without Mexico's 1 and Argentina's 9. What is
   * no number, such as a business-scoped user id, is its own key.
   */
  public static String of(String phone) {
    String digits = digits(phone);
    if (!JsonFields.isDigits(digits)) {
      return phone;
    }
    if (!digits.startsWith(COUNTRIES)) {
      return digits;
    }
    return replace(
        BRAZIL_SHORT,
        "55$19$2",
        replace(MEXICO_LONG, "52$1", replace(ARGENTINA_LONG, "54$1", digits)));
  }

  /**
   * All numbers in digits that have the number's key, the key first: what an index can look for.
   */
  public static List<String> spellings(String phone) {
    String key = of(phone);
    String other =
        replace(
            BRAZIL_LONG,
            "55$1$2",
            replace(MEXICO_SHORT, "521$1", replace(ARGENTINA_SHORT, "549$1", key)));
    return other.equals(key) ? List.of(key) : List.of(key, other);
  }

  /** Whether it can be a phone number, however it is written: no more than 15 digits (E.164). */
  public static boolean isNumber(String phone) {
    String key = of(phone);
    return JsonFields.isDigits(key) && key.length() <= MAX_DIGITS;
  }

  private static String digits(String phone) {
    if (JsonFields.isDigits(phone) && !phone.startsWith("0")) {
      return phone; // as WhatsApp writes them
    }
    String bare = SEPARATORS.matcher(phone).replaceAll("");
    return INTERNATIONAL_PREFIX.matcher(bare).replaceFirst("");
  }

  private static String replace(Pattern pattern, String replacement, String number) {
    var matcher = pattern.matcher(number);
    return matcher.matches() ? matcher.replaceFirst(replacement) : number;
  }
}
