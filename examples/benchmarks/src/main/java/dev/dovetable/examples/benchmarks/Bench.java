package dev.dovetable.examples.benchmarks;

import dev.dovetable.examples.benchmarks.report.Figure;
import dev.dovetable.examples.benchmarks.report.Options;
import dev.dovetable.examples.benchmarks.report.Results;
import dev.dovetable.examples.benchmarks.report.Samples;
import dev.dovetable.examples.benchmarks.report.Size;
import dev.dovetable.examples.benchmarks.server.BenchmarkException;
import dev.dovetable.examples.benchmarks.server.BenchmarkServer;
import java.io.PrintStream;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What the rows are measured with.
 *
 * @param server the server that all of them use
 * @param options what was asked for
 * @param out where progress is told
 */
record Bench(BenchmarkServer server, Options options, PrintStream out) {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  Size size() {
    return options.size();
  }

  boolean wants(int row) {
    return options.wants(row);
  }

  /** Measures what of these rows is wanted; if that fails, they have failed, and others go on. */
  void attempt(Collection<Integer> rows, String work, Results results, Samples.Work measuring) {
    List<Integer> wanted = rows.stream().filter(this::wants).toList();
    if (wanted.isEmpty()) {
      return;
    }
    String numbers = wanted.stream().map(String::valueOf).collect(Collectors.joining(", "));
    progress("row %s: %s".formatted(numbers, work));
    try {
      measuring.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchmarkException("interrupted", e);
    } catch (Exception | LinkageError | OutOfMemoryError e) {
      progress("  FAILED: " + e);
      e.printStackTrace(out);
      wanted.forEach(row -> results.add(Figure.failed(row, work, e)));
    }
  }

  void progress(String what) {
    out.println(LocalTime.now().format(TIME) + "  " + what);
  }
}
