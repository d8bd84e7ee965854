package dev.dovetable.core.messages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where words are marked in a text: in its own chars, whatever they are compared as. */
class HighlightsTest {
  @ParameterizedTest
  @CsvSource({
    "stras,Die Straße,Straß",
    "strasse,Die Straße!,Straße",
    "fi,ein ﬁnger,ﬁ",
    "f,ein ﬁnger,''",
    "cafe,Café Cafe\u0301,Café+Cafe\u0301",
    "e\u0301,é,é",
    "👍🏽,ok 👍🏽!,👍🏽",
    "👍,👍👍🏽 👍,👍👍+👍",
    "a,a👍a,a+a",
    "が,ｶﾞか,''",
    "か,がか,か",
    "ダ,ﾀﾞ,ﾀﾞ",
    "ada,Ada Adam,Ada+Ada",
    "ada lov,Ada Adam Love,Ada+Lov",
    "345,tel. 1234567,345",
    "34,tel. 1234567,''",
    "12,tel. 1234567,12",
    "７７,77,77",
    "a b,a-b,a+b",
    "abc,上海abc上海,abc",
    "İst,istanbul,ist",
    "σας,ΣΑΣ,ΣΑΣ",
    "'',text,''",
    "!?,text!?,''"
  })
  void marksWholeCharacters(String query, String text, String expected) {
    assertThat(
            Highlights.of(query).in(text).stream()
                .map(match -> text.substring(match.start(), match.end()))
                .collect(Collectors.joining("+")))
        .isEqualTo(expected);
  }

  /** Nothing that anybody may write makes it fail, or cut a pair of chars. */
  @Test
  void neverCutsAPair() {
    Random random = new Random(11);
    for (int i = 0; i < 2_000; i++) {
      String text = random(random, 30);
      String query = text.substring(0, text.offsetByCodePoints(0, random.nextInt(5)));
      for (FoundMessage.Match match : Highlights.of(query).in(text)) {
        assertThat(match.start()).isLessThan(match.end());
        assertThat(Character.isLowSurrogate(text.charAt(match.start()))).isFalse();
        assertThat(Character.isHighSurrogate(text.charAt(match.end() - 1))).isFalse();
      }
    }
  }

  private static String random(Random random, int length) {
    int[] blocks = {
      0x20, 0xc0, 0x300, 0x5d0, 0x620, 0x900, 0xe00, 0x3040, 0xff00, 0x1f300, 0x1f600
    };
    return random
        .ints(length)
        .map(i -> blocks[Math.floorMod(i, blocks.length)] + Math.floorMod(i >> 8, 0x5f))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
