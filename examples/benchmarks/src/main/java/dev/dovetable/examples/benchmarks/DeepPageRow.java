package dev.dovetable.examples.benchmarks;

import static dev.dovetable.examples.benchmarks.work.Alternative.DEEP_PAGE;
import static dev.dovetable.examples.benchmarks.work.Alternative.OFFSET_PAGE;

import dev.dovetable.examples.benchmarks.report.Figure;
import dev.dovetable.examples.benchmarks.report.Numbers;
import dev.dovetable.examples.benchmarks.report.Results;
import dev.dovetable.examples.benchmarks.report.Samples;
import dev.dovetable.examples.benchmarks.report.Target;
import dev.dovetable.examples.benchmarks.server.BenchmarkDatabase;
import dev.dovetable.examples.benchmarks.server.Sql;
import dev.dovetable.examples.benchmarks.work.CrmTimeline;
import dev.dovetable.examples.benchmarks.work.Subject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Mode;

/** Row 6: a page that is far back in a long conversation. */
final class DeepPageRow implements Row {

  private static final String PREFIX = "agt_long";
  private static final int OTHERS = 100;

  @Override
  public List<Integer> numbers() {
    return List.of(6);
  }

  @Override
  public String work() {
    return "timeline page 1 000 of a long conversation";
  }

  @Override
  public void measure(Bench bench, Results results) throws Exception {
    int page = bench.size().count("deepPage.page");
    try (BenchmarkDatabase database = bench.server().database()) {
      database.agent(PREFIX, OTHERS, bench.size().count("deepPage.otherMessages"));
      Sql.run(
          database.superuser(),
          Sql.of("insert_long_conversation.sql", PREFIX),
          (page + 1) * CrmTimeline.PAGE);
      database.settle();
      Subject subject = Subject.of(database, PREFIX, OTHERS);
      Jmh jmh = new Jmh(bench);
      Map<String, Samples.Task> tasks = new LinkedHashMap<>();
      tasks.put("page 1", () -> jmh.one(subject, DEEP_PAGE, Mode.SampleTime, 1));
      Subject deep = subject.withPage(page);
      tasks.put("page " + page, () -> jmh.one(deep, DEEP_PAGE, Mode.SampleTime, 1));
      tasks.put("OFFSET", () -> jmh.one(deep, OFFSET_PAGE, Mode.SampleTime, 1));
      Samples samples = Samples.collect(bench.size().count("jmh.rounds"), tasks);
      String work = "timeline page %s of a long conversation".formatted(Numbers.whole(page));
      results.add(
          Figure.of(6, work, samples, "page " + page, "ms", "page 1", Target.ratioAtMost(1.2)));
      results.add(
          Figure.of(6, work, samples, "page " + page, "ms", "OFFSET", Target.ratioBelow(1)));
    }
  }
}
