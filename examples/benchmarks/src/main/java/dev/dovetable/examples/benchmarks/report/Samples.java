package dev.dovetable.examples.benchmarks.report;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Figures of several alternatives, measured in turn: those with the same index are of the same
 * round, so whatever disturbed the machine in it disturbed them all.
 */
public final class Samples {

  private final Map<String, double[]> values;

  private Samples(Map<String, double[]> values) {
    this.values = values;
  }

  /** Gives one figure. */
  public interface Task {
    double run() throws Exception;
  }

  /** What is timed. */
  public interface Work {
    void run() throws Exception;
  }

  /** Runs each task once a round, each round beginning with another one. */
  public static Samples collect(int rounds, Map<String, Task> tasks) throws Exception {
    List<Map.Entry<String, Task>> alternatives = List.copyOf(tasks.entrySet());
    List<double[]> figures = tasks.keySet().stream().map(name -> new double[rounds]).toList();
    for (int round = 0; round < rounds; round++) {
      for (int turn = 0; turn < alternatives.size(); turn++) {
        int which = (round + turn) % alternatives.size();
        figures.get(which)[round] = alternatives.get(which).getValue().run();
      }
    }
    Map<String, double[]> values = new LinkedHashMap<>();
    for (int i = 0; i < figures.size(); i++) {
      values.put(alternatives.get(i).getKey(), figures.get(i));
    }
    return new Samples(values);
  }

  public static double milliseconds(Work work) throws Exception {
    long begin = System.nanoTime();
    work.run();
    return (System.nanoTime() - begin) / 1e6;
  }

  public static double perSecond(long count, Work work) throws Exception {
    return count / (milliseconds(work) / 1000);
  }

  public double median(String name) {
    return median(of(name));
  }

  /** The median of the rounds' ratios. */
  public double ratio(String name, String reference) {
    double[] numerators = of(name);
    double[] denominators = of(reference);
    return median(
        IntStream.range(0, numerators.length)
            .mapToDouble(round -> numerators[round] / denominators[round])
            .toArray());
  }

  /** The median of what the rounds differ by. */
  public double difference(String name, String reference) {
    double[] minuends = of(name);
    double[] subtrahends = of(reference);
    return median(
        IntStream.range(0, minuends.length)
            .mapToDouble(round -> minuends[round] - subtrahends[round])
            .toArray());
  }

  public int rounds() {
    return values.values().iterator().next().length;
  }

  private double[] of(String name) {
    double[] figures = values.get(name);
    if (figures == null) {
      throw new IllegalArgumentException("nothing was measured for " + name);
    }
    return figures;
  }

  private static double median(double[] figures) {
    double[] sorted = figures.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
