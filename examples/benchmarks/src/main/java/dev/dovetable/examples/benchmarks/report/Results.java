package dev.dovetable.examples.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** What was measured so far. Thread-safe: a row that takes too long may go on when others begin. */
public final class Results {

  private final List<Figure> figures = new ArrayList<>();
  private final List<Plot> plots = new ArrayList<>();

  public synchronized void add(Figure figure) {
    figures.add(figure);
  }

  public synchronized void add(Plot plot) {
    plots.add(plot);
  }

  /** In the order of the rows. */
  public synchronized List<Figure> figures() {
    return figures.stream()
        .sorted((left, right) -> Integer.compare(left.number(), right.number()))
        .toList();
  }

  public synchronized List<Plot> plots() {
    return List.copyOf(plots);
  }
}
