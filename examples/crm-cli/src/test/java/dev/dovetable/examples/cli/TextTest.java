package dev.dovetable.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.examples.cli.terminal.Table;
import dev.dovetable.examples.cli.terminal.Text;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TextTest {

  @Test
  void bytesAreShortAndTheSameInEveryLanguage() {
    assertThat(Text.bytes(0)).isEqualTo("0 B");
    assertThat(Text.bytes(1023)).isEqualTo("1023 B");
    assertThat(Text.bytes(1536)).isEqualTo("1.5 kB");
    assertThat(Text.bytes(200 * 1024)).isEqualTo("200 kB");
    assertThat(Text.bytes(5L << 40)).isEqualTo("5.0 TB");
    assertThat(Text.bytes(Long.MAX_VALUE)).isEqualTo("8388608 TB");
  }

  @Test
  void durations() {
    assertThat(Text.duration(Duration.ofMillis(7))).isEqualTo("7 ms");
    assertThat(Text.duration(Duration.ofMillis(4249))).isEqualTo("4.2 s");
    assertThat(Text.duration(Duration.ofSeconds(61))).isEqualTo("1 min 1 s");
    assertThat(Text.duration(Duration.ofMinutes(125))).isEqualTo("2 h 5 min");
  }

  @Test
  void wordsAreWrappedAndNeverBroken() {
    assertThat(Text.wrap(" one two  three\nfour ", 9)).containsExactly("one two", "three", "four");
    assertThat(Text.wrap("incomprehensibilities are long", 5))
        .containsExactly("incomprehensibilities", "are", "long");
    assertThat(Text.wrap("", 5)).containsExactly("");
  }

  @Test
  void whatOthersWroteCannotSteerTheTerminal() {
    assertThat(Text.sentence("ERROR: no\n  Hint: \u001b[2J try"))
        .isEqualTo("ERROR: no Hint: ?[2J try.");
    // C1's start of a sequence, and what turns the direction of writing round.
    assertThat(Text.oneLine("a\u009b2Jb\u202etxt.exe\u2066c\u200fd"))
        .isEqualTo("a?2Jb?txt.exe?c?d");
    assertThat(new Table("Agent").row("\u009b\u2067").lines()).containsExactly("Agent", "??");
    assertThat(Text.lines("drop role \"\u001b[8m\"\n\tcascade"))
        .isEqualTo("drop role \"?[8m\"\n\tcascade");
    assertThat(Text.escaped("{\n  \"a\": \"\u009b\u202e\u00fc\"\n}"))
        .isEqualTo("{\n  \"a\": \"\\u009b\\u202e\u00fc\"\n}");
  }

  @Test
  void columnsAreAligned() {
    Table table = new Table("Agent", ">Bytes").row("agt_1", "5").row("a\nb", "1234");

    assertThat(table.lines()).containsExactly("Agent  Bytes", "agt_1      5", "a b     1234");
  }
}
