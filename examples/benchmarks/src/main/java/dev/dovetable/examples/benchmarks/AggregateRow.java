package dev.dovetable.examples.benchmarks;

import static dev.dovetable.examples.benchmarks.work.Alternative.AGGREGATE_AGENT;
import static dev.dovetable.examples.benchmarks.work.Alternative.AGGREGATE_SERVICE;

import dev.dovetable.examples.benchmarks.report.Figure;
import dev.dovetable.examples.benchmarks.report.Numbers;
import dev.dovetable.examples.benchmarks.report.Results;
import dev.dovetable.examples.benchmarks.report.Samples;
import dev.dovetable.examples.benchmarks.report.Target;
import dev.dovetable.examples.benchmarks.server.BenchmarkDatabase;
import dev.dovetable.examples.benchmarks.server.Sql;
import dev.dovetable.examples.benchmarks.work.Subject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Mode;

/** Row 7: what row level security costs a query that reads every row. */
final class AggregateRow implements Row {

  private static final String PREFIX = "agt_rows";

  /** The same rows, under policies that follow each one to its agent. */
  private static final String CHAINED_PREFIX = "agt_chained";

  private static final String CHAINED = "policy with EXISTS";

  @Override
  public List<Integer> numbers() {
    return List.of(7);
  }

  @Override
  public String work() {
    return "aggregate over all messages under row level security";
  }

  @Override
  public void measure(Bench bench, Results results) throws Exception {
    int customers = bench.size().count("aggregate.customers");
    int messages = bench.size().count("aggregate.messages");
    try (BenchmarkDatabase database = bench.server().database()) {
      database.agent(PREFIX, customers, messages);
      database.agent(CHAINED_PREFIX, customers, messages);
      Sql.run(database.superuser(), Sql.of("exists_policies.sql", CHAINED_PREFIX));
      database.settle();
      Subject subject = Subject.of(database, PREFIX, customers);
      Subject chained = Subject.of(database, CHAINED_PREFIX, customers);
      Jmh jmh = new Jmh(bench);
      Map<String, Samples.Task> tasks = new LinkedHashMap<>();
      String agent = AGGREGATE_AGENT.words();
      String service = AGGREGATE_SERVICE.words();
      tasks.put(agent, () -> jmh.one(subject, AGGREGATE_AGENT, Mode.SampleTime, 1));
      tasks.put(service, () -> jmh.one(subject, AGGREGATE_SERVICE, Mode.SampleTime, 1));
      tasks.put(CHAINED, () -> jmh.one(chained, AGGREGATE_AGENT, Mode.SampleTime, 1));
      Samples samples = Samples.collect(bench.size().count("jmh.rounds"), tasks);
      String work =
          "aggregate over %s messages under row level security".formatted(Numbers.whole(messages));
      results.add(Figure.of(7, work, samples, agent, "ms", service, Target.ratioAtMost(1.1)));
      results.add(
          Figure.of(7, work, samples, agent, "ms", CHAINED, Target.ratioAtMost(0.2))
              .withNote("Five times as fast is a ratio of 0.2."));
    }
  }
}
