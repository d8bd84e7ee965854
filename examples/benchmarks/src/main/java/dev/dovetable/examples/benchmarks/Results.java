package dev.dovetable.examples.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** What was measured so far. Thread-safe: a row that takes too long may go on when others begin. */
final class Results {

  private final List<Figure> figures = new ArrayList<>();
  private final List<Plot> plots = new ArrayList<>();

  synchronized void add(Figure figure) {
    figures.add(figure);
  }

  synchronized void add(Plot plot) {
    plots.add(plot);
  }

  /** In the order of the rows. */
  synchronized List<Figure> figures() {
    return figures.stream()
        .sorted((left, right) -> Integer.compare(left.number(), right.number()))
        .toList();
  }

  synchronized List<Plot> plots() {
    return List.copyOf(plots);
  }
}
