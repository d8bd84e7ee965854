package dev.dovetable.examples.benchmarks;

import dev.dovetable.examples.benchmarks.report.Figure;
import dev.dovetable.examples.benchmarks.report.Results;
import dev.dovetable.examples.benchmarks.report.Samples;
import dev.dovetable.examples.benchmarks.report.Target;
import dev.dovetable.examples.benchmarks.server.BenchmarkDatabase;
import dev.dovetable.examples.benchmarks.server.BenchmarkException;
import dev.dovetable.examples.benchmarks.work.FirstRow;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Row 13: from starting a JVM to the first row of a timeline. */
final class FirstRowRow implements Row {

  private static final String PREFIX = "agt_first";
  private static final int CUSTOMERS = 10;
  private static final int MESSAGES = 1000;
  private static final int MORE_THAN_JOOQ = 300;
  private static final String CRM = "crm-core";
  private static final String JOOQ = "plain jOOQ";
  private static final String JDBC = "plain JDBC";

  @Override
  public List<Integer> numbers() {
    return List.of(13);
  }

  @Override
  public String work() {
    return "a fresh JVM to its first timeline row";
  }

  @Override
  public void measure(Bench bench, Results results) throws Exception {
    try (BenchmarkDatabase database = bench.server().database()) {
      database.agent(PREFIX, CUSTOMERS, MESSAGES);
      database.settle();
      String superuser = database.superuserUrl();
      Map<String, Samples.Task> tasks = new LinkedHashMap<>();
      tasks.put(CRM, () -> start(FirstRow.ByCrm.class, database.url()));
      tasks.put(JOOQ, () -> start(FirstRow.ByJooq.class, superuser));
      tasks.put(JDBC, () -> start(FirstRow.ByJdbc.class, superuser));
      // Has the files in the disk's cache.
      Samples.collect(bench.size().count("firstRow.warmUps"), tasks);
      Samples samples = Samples.collect(bench.size().count("firstRow.rounds"), tasks);
      for (String reference : List.of(JOOQ, JDBC)) {
        results.add(Figure.of(13, work(), samples, CRM, "ms", reference, Target.none()));
      }
      results.add(
          Figure.of(
              13,
              work() + ", more than " + JOOQ,
              samples.difference(CRM, JOOQ),
              "ms",
              Target.below(MORE_THAN_JOOQ, "ms")));
    }
  }

  /** Milliseconds until it has written a line. */
  private static double start(Class<?> program, String url) throws Exception {
    ProcessBuilder command =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-classpath",
                System.getProperty("java.class.path"),
                program.getName(),
                url,
                PREFIX)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    Process[] process = new Process[1];
    double milliseconds =
        Samples.milliseconds(
            () -> {
              process[0] = command.start();
              readLine(process[0]);
            });
    process[0].waitFor();
    return milliseconds;
  }

  private static void readLine(Process process) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    if (lines.readLine() == null) {
      throw new BenchmarkException("The program ended without a row.");
    }
  }
}
