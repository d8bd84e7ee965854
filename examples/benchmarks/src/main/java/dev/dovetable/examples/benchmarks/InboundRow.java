package dev.dovetable.examples.benchmarks;

import static dev.dovetable.examples.benchmarks.work.Alternative.INBOUND_CRM;
import static dev.dovetable.examples.benchmarks.work.Alternative.INBOUND_INSERT;
import static dev.dovetable.examples.benchmarks.work.Alternative.INBOUND_SELECT_INSERT;

import dev.dovetable.examples.benchmarks.report.Figure;
import dev.dovetable.examples.benchmarks.report.Results;
import dev.dovetable.examples.benchmarks.report.Samples;
import dev.dovetable.examples.benchmarks.report.Target;
import dev.dovetable.examples.benchmarks.server.BenchmarkDatabase;
import dev.dovetable.examples.benchmarks.server.PgBench;
import dev.dovetable.examples.benchmarks.server.Sql;
import dev.dovetable.examples.benchmarks.work.Alternative;
import dev.dovetable.examples.benchmarks.work.Subject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openjdk.jmh.annotations.Mode;

/** Row 3: messages of known customers, as fast as four threads can record them. */
final class InboundRow implements Row {

  private static final String PREFIX = "agt_inbound";
  private static final int THREADS = 4;
  private static final String PGBENCH = "pgbench, prepared INSERT";

  @Override
  public List<Integer> numbers() {
    return List.of(3);
  }

  @Override
  public String work() {
    return "record an inbound message for a known phone number, 4 threads";
  }

  @Override
  public void measure(Bench bench, Results results) throws Exception {
    try (BenchmarkDatabase database = bench.server().database()) {
      int customers = bench.size().count("inbound.customers");
      database.agent(PREFIX, customers, bench.size().count("inbound.messages"));
      Sql.run(database.superuser(), Sql.of("asynchronous_commit.sql"));
      database.settle();
      Subject subject = Subject.of(database, PREFIX, customers).withConnections(THREADS);
      Optional<PgBench> pgbench = PgBench.find();
      String bare = pgbench.isPresent() ? PGBENCH : INBOUND_INSERT.words();
      Samples samples =
          Samples.collect(
              bench.size().count("jmh.rounds"), tasks(bench, database, subject, pgbench));
      results.add(
          figure(samples, INBOUND_SELECT_INSERT.words(), Target.ratioAtLeast(1.3))
              .withNote("synchronous_commit off; the reference has no row level security."));
      results.add(
          figure(samples, bare, Target.ratioAtLeast(0.7))
              .withNote(
                  pgbench.isPresent()
                      ? "synchronous_commit off; the reference looks no customer up."
                      : "synchronous_commit off. pgbench was not found: Debian's package"
                          + " postgresql-contrib has it."));
    }
  }

  private static Map<String, Samples.Task> tasks(
      Bench bench, BenchmarkDatabase database, Subject subject, Optional<PgBench> pgbench) {
    Jmh jmh = new Jmh(bench);
    Map<String, Samples.Task> tasks = new LinkedHashMap<>();
    for (Alternative alternative : List.of(INBOUND_CRM, INBOUND_SELECT_INSERT)) {
      tasks.put(alternative.words(), () -> jmh.one(subject, alternative, Mode.Throughput, THREADS));
    }
    if (pgbench.isEmpty()) {
      tasks.put(
          INBOUND_INSERT.words(), () -> jmh.one(subject, INBOUND_INSERT, Mode.Throughput, THREADS));
      return tasks;
    }
    String script =
        Sql.of("pgbench_insert.sql", PREFIX)
            .replace("{customers}", Integer.toString(subject.customers()));
    Duration length = bench.size().milliseconds("jmh.measureMs");
    tasks.put(
        PGBENCH,
        () -> {
          bench.progress("  " + PGBENCH);
          return pgbench.get().rate(database, script, THREADS, length);
        });
    return tasks;
  }

  private Figure figure(Samples samples, String reference, Target target) {
    return Figure.of(3, work(), samples, INBOUND_CRM.words(), "messages/s", reference, target);
  }
}
