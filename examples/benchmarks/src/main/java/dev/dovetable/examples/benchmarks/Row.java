package dev.dovetable.examples.benchmarks;

import dev.dovetable.examples.benchmarks.report.Results;
import java.util.List;

/** One row of the table, or several that share what is measured. */
interface Row {

  /** Their numbers. */
  List<Integer> numbers();

  /** What is done, in a few words. */
  String work();

  /** Adds a figure, or more, for each of the rows that are wanted. */
  void measure(Bench bench, Results results) throws Exception;
}
