package dev.dovetable.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dovetable.examples.benchmarks.report.Samples;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SamplesTest {

  private static final Offset<Double> EXACT = within(1e-9);

  private final List<String> turns = new ArrayList<>();

  @Test
  void givesMediansOfFiguresRatiosAndDifferences() throws Exception {
    Samples samples = collect(Map.of("ours", figures(1, 20, 3), "theirs", figures(2, 10, 12)));

    assertThat(samples.median("ours")).isCloseTo(3, EXACT);
    assertThat(samples.median("theirs")).isCloseTo(10, EXACT);
    // Of the rounds, not of the medians: that would be 0.3.
    assertThat(samples.ratio("ours", "theirs")).isCloseTo(0.5, EXACT);
    assertThat(samples.difference("ours", "theirs")).isCloseTo(-1, EXACT);
  }

  @Test
  void takesTheMeanOfTheTwoInTheMiddle() throws Exception {
    Samples samples = collect(Map.of("ours", figures(4, 1, 3, 100)));

    assertThat(samples.median("ours")).isCloseTo(3.5, EXACT);
  }

  @Test
  void beginsEachRoundWithAnother() throws Exception {
    Map<String, Deque<Double>> all = new LinkedHashMap<>();
    for (String name : List.of("a", "b", "c")) {
      all.put(name, figures(1, 2, 3));
    }
    collect(all);

    assertThat(turns).containsExactly("a", "b", "c", "b", "c", "a", "c", "a", "b");
  }

  private Samples collect(Map<String, Deque<Double>> figures) throws Exception {
    Map<String, Samples.Task> tasks = new LinkedHashMap<>();
    figures.forEach(
        (name, values) ->
            tasks.put(
                name,
                () -> {
                  turns.add(name);
                  return values.remove();
                }));
    return Samples.collect(figures.values().iterator().next().size(), tasks);
  }

  private static Deque<Double> figures(double... values) {
    Deque<Double> figures = new ArrayDeque<>();
    for (double value : values) {
      figures.add(value);
    }
    return figures;
  }
}
