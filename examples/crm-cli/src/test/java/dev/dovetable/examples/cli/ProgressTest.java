package dev.dovetable.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.examples.cli.terminal.BarProgress;
import dev.dovetable.examples.cli.terminal.LineProgress;
import dev.dovetable.examples.cli.terminal.Pace;
import dev.dovetable.examples.cli.terminal.Terminal;
import dev.dovetable.examples.cli.terminal.Text;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private long now;

  @Test
  void linesComeAtIntervalsAndAtTheEnd() {
    LineProgress progress = new LineProgress("Migrating", "agent", out, new Pace(() -> now));

    for (int done = 1; done <= 2000; done++) {
      now += Duration.ofMillis(10).toNanos();
      if (done == 700) {
        progress.line("agt_9: no");
      }
      progress.show(done, 2000, done < 700 ? 0 : 1);
    }
    progress.close();

    assertThat(printed().lines())
        .containsExactly(
            "Migrating: 500 of 2000 agents, 100/s, 15 s left",
            "agt_9: no",
            "Migrating: 1000 of 2000 agents, 1 failed, 100/s, 10 s left",
            "Migrating: 1500 of 2000 agents, 1 failed, 100/s, 5 s left",
            "Migrating: 2000 of 2000 agents, 1 failed, 100/s");
  }

  @Test
  void shortWorkIsOneLine() {
    LineProgress progress = new LineProgress("Migrating", "agent", out, new Pace(() -> now));
    now += Duration.ofMillis(400).toNanos();

    progress.show(1, 1, 0);

    assertThat(printed()).isEqualToNormalizingNewlines("Migrating: 1 of 1 agent, 2.5/s\n");
  }

  @Test
  void longTimesAreSaidInMinutesAndHours() {
    Pace pace = new Pace(() -> now);
    now += Duration.ofSeconds(100).toNanos();

    assertThat(pace.rest(10, 20)).isEqualTo(", 1 min 40 s left");
    assertThat(pace.rest(1, 101)).isEqualTo(", 2 h 46 min left");
    assertThat(pace.rest(0, 10)).isEmpty();
    assertThat(pace.rate(10)).isEqualTo("0.1/s");
  }

  @ParameterizedTest
  @ValueSource(ints = {120, 80, 40, 20, 5})
  void theBarStaysOnOneLine(int columns) {
    bar(columns, true);

    List<String> drawn = Arrays.asList(printed().split("[\r\n]+"));
    assertThat(drawn).allSatisfy(line -> assertThat(Text.width(line)).isLessThan(columns));
    if (columns == 120) {
      assertThat(drawn)
          .anySatisfy(
              line ->
                  assertThat(line)
                      .matches("Migrating  50% \\|.*█.*\\| +5/10 .*5.0/s, 1 s left, 1 failed"));
    }
  }

  @Test
  void whereOnlyAsciiIsShownTheBarIsAscii() {
    bar(100, false);

    assertThat(printed().chars()).allMatch(c -> c < 128);
    assertThat(printed()).contains("100% [====");
  }

  @Test
  void linesAreNotMixedWithTheBar() {
    BarProgress progress =
        new BarProgress("Migrating", out, terminal(60, true), new Pace(() -> now));
    progress.show(1, 2, 0);
    progress.line("agt_9: no");
    progress.show(2, 2, 0);
    progress.close();

    assertThat(printed()).containsPattern("(^|\r)agt_9: no\\R");
    assertThat(printed()).endsWith(System.lineSeparator());
  }

  private void bar(int columns, boolean unicode) {
    BarProgress progress =
        new BarProgress("Migrating", out, terminal(columns, unicode), new Pace(() -> now));
    now += Duration.ofSeconds(1).toNanos();
    progress.show(5, 10, 1);
    progress.line("");
    awaitDrawn("1 failed", columns);
    progress.show(10, 10, 1);
    progress.close();
  }

  /** The bar is drawn by a thread of its own. */
  private void awaitDrawn(String text, int columns) {
    while (columns > 100 && !printed().contains(text)) {
      Thread.onSpinWait();
    }
  }

  private static Terminal terminal(int columns, boolean unicode) {
    return new Terminal(true, true, true, columns, unicode, false);
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
