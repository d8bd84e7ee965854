package dev.dovetable.core.internal.payload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhoneKeysTest {

  @ParameterizedTest
  @CsvSource({
    "553187654321, 5531987654321", // Brazil, without and with the 9
    "5215512345678, 525512345678", // Mexico, with and without the 1
    "5491123456789, 541123456789", // Argentina, with and without the 9
    "+55 (31) 98765-4321, 553187654321",
    "0052 1 55 1234 5678, 525512345678",
    "+1 202-555-0142, 12025550142",
    "44.7700.900077, 447700900077"
  })
  void twoWaysToWriteANumberHaveOneKey(String one, String other) {
    assertThat(PhoneKeys.of(one)).isEqualTo(PhoneKeys.of(other));
  }

  @ParameterizedTest
  @CsvSource({
    "551133334444, 5511933334444", // a fixed line, and a mobile number that never was shorter
    "5531987654321, 5531887654321",
    "5215512345678, 5215512345679",
    "15512345678, 525512345678",
    "US.13125550142, 13125550142",
    "13125550142, 131255501420"
  })
  void differentNumbersHaveDifferentKeys(String one, String other) {
    assertThat(PhoneKeys.of(one)).isNotEqualTo(PhoneKeys.of(other));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "+", "US.20480117645503318742", "Maria", "١٢٣", "12025550142x"})
  void whatIsNoNumberIsItsOwnKey(String text) {
    assertThat(PhoneKeys.of(text)).isEqualTo(text);
    assertThat(PhoneKeys.spellings(text)).containsExactly(text);
  }

  @Test
  void spellingsBeginWithTheKey() {
    assertThat(PhoneKeys.spellings("+55 31 8765-4321"))
        .containsExactly("5531987654321", "553187654321");
    assertThat(PhoneKeys.spellings("525512345678"))
        .containsExactly("525512345678", "5215512345678");
    assertThat(PhoneKeys.spellings("541123456789"))
        .containsExactly("541123456789", "5491123456789");
    assertThat(PhoneKeys.spellings("13125550142")).containsExactly("13125550142");
  }

  @Test
  void aKeyIsItsOwnKeyAndSpellingsAreTheNumbersThatHaveIt() {
    Random random = new Random(20261125);
    for (int i = 0; i < 20_000; i++) {
      String number = number(random);
      String key = PhoneKeys.of(number);
      assertThat(PhoneKeys.of(key)).as(number).isEqualTo(key);
      List<String> spellings = PhoneKeys.spellings(number);
      assertThat(spellings.get(0)).isEqualTo(key);
      assertThat(spellings).doesNotHaveDuplicates().contains(number);
      assertThat(spellings).allMatch(spelling -> PhoneKeys.of(spelling).equals(key));
      assertThat(PhoneKeys.of("+" + number)).isEqualTo(key);
    }
  }

  /** Around the countries that have rules: with a digit too many, too few, and all kinds within. */
  private static String number(Random random) {
    String[] countries = {"55", "52", "521", "54", "549", "1", "44", "5511", "55119"};
    StringBuilder number = new StringBuilder(countries[random.nextInt(countries.length)]);
    int length = 10 + random.nextInt(5);
    while (number.length() < length) {
      number.append(random.nextInt(10));
    }
    return number.toString();
  }
}
