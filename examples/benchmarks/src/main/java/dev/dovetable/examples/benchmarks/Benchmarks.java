package dev.dovetable.examples.benchmarks;

import dev.dovetable.examples.benchmarks.report.Figure;
import dev.dovetable.examples.benchmarks.report.Options;
import dev.dovetable.examples.benchmarks.report.Reports;
import dev.dovetable.examples.benchmarks.report.Results;
import dev.dovetable.examples.benchmarks.server.BenchmarkException;
import dev.dovetable.examples.benchmarks.server.BenchmarkServer;
import dev.dovetable.examples.benchmarks.server.Machine;
import dev.dovetable.testkit.server.PostgresServerException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Measures the rows of the table, one after the other, and writes what came of it. */
public final class Benchmarks {

  private static final List<Row> ROWS =
      List.of(
          new TimelineRows(),
          new InboundRow(),
          new ImportRow(),
          new ConversationRow(),
          new DeepPageRow(),
          new AggregateRow(),
          new FleetRows(),
          new WebhookRow(),
          new FirstRowRow(),
          new ScreenRow(),
          new InboxRow(),
          new SearchRow(),
          new FeedRow(),
          new IntakeRow());

  private Benchmarks() {}

  /**
   * Runs the benchmarks; ends the JVM with status 1 if a row fails. A target that isn't reached is
   * a result, not a failure.
   *
   * @param arguments {@code --size=}, {@code --rows=} and {@code --output=}, all optional
   */
  public static void main(String... arguments) {
    // Not System.out: in the C locale of containers that turns everything but ASCII into "?".
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    System.exit(run(out, arguments));
  }

  static int run(PrintStream out, String... arguments) {
    try {
      Options options = Options.parse(arguments);
      return run(out, options);
    } catch (BenchmarkException | PostgresServerException | IOException e) {
      out.println(e.getMessage());
      return 1;
    }
  }

  private static int run(PrintStream out, Options options) throws IOException {
    Results results = new Results();
    Reports reports = new Reports(options.output());
    try (BenchmarkServer server = BenchmarkServer.start()) {
      Bench bench = new Bench(server, options, out);
      Duration limit = Duration.ofMinutes(options.size().count("limitMinutes"));
      Map<String, String> machine = Machine.describe(server);
      for (Row row : ROWS) {
        bench.attempt(
            row.numbers(),
            row.work(),
            results,
            () -> Workers.within(limit, () -> row.measure(bench, results)));
        // After each, so that what was measured is there whatever happens to the next one.
        reports.write(results, options, machine);
      }
    }
    out.println("Written to " + options.output().toAbsolutePath());
    return results.figures().stream().anyMatch(Figure::hasFailed) ? 1 : 0;
  }
}
