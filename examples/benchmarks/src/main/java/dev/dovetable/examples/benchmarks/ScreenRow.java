package dev.dovetable.examples.benchmarks;

import static dev.dovetable.examples.benchmarks.work.Alternative.SCREEN_BY_MANY;
import static dev.dovetable.examples.benchmarks.work.Alternative.SCREEN_CRM;
import static dev.dovetable.examples.benchmarks.work.Alternative.SCREEN_LONG;
import static dev.dovetable.examples.benchmarks.work.Alternative.SCREEN_PIECES;

import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.examples.benchmarks.report.Figure;
import dev.dovetable.examples.benchmarks.report.Results;
import dev.dovetable.examples.benchmarks.report.Samples;
import dev.dovetable.examples.benchmarks.report.Target;
import dev.dovetable.examples.benchmarks.server.BenchmarkDatabase;
import dev.dovetable.examples.benchmarks.server.DelayProxy;
import dev.dovetable.examples.benchmarks.server.Sql;
import dev.dovetable.examples.benchmarks.work.Subject;
import dev.dovetable.schema.migration.AgentMigrations;
import java.time.Duration;
import java.util.List;

/** Row 14: what a screen shows of a conversation, with ticks, files, quotes and reactions. */
final class ScreenRow implements Row {

  private static final String PREFIX = "agt_screen";
  private static final Duration ROUND_TRIP = Duration.ofMillis(20);

  @Override
  public List<Integer> numbers() {
    return List.of(14);
  }

  @Override
  public String work() {
    return "screen of 50 messages with ticks, files, quotes and reactions";
  }

  @Override
  public void measure(Bench bench, Results results) throws Exception {
    try (BenchmarkDatabase database = bench.server().database()) {
      int customers = bench.size().count("screen.customers");
      database.agent(PREFIX, customers, bench.size().count("screen.messages"));
      Sql.run(
          database.superuser(),
          Sql.of("insert_long_conversation.sql", PREFIX),
          bench.size().count("screen.longConversation"));
      AgentMigrations.of(Webhooks.extension()).run(database.superuser());
      Sql.run(database.superuser(), Sql.of("insert_deliveries.sql", PREFIX));
      database.settle();
      Subject subject = Subject.of(database, PREFIX, customers);
      Jmh jmh = new Jmh(bench);
      Samples near = jmh.times(subject, SCREEN_CRM, SCREEN_PIECES, SCREEN_BY_MANY, SCREEN_LONG);
      String onLoopback = work() + ", on loopback";
      results.add(against(onLoopback, near, Target.ratioAtMost(0.5)));
      results.add(
          Figure.of(
              14,
              onLoopback,
              near,
              SCREEN_CRM.words(),
              "ms",
              SCREEN_BY_MANY.words(),
              Target.ratioBelow(1)));
      results.add(
          Figure.of(
              14,
              "screen of a long conversation",
              near,
              SCREEN_LONG.words(),
              "ms",
              SCREEN_CRM.words(),
              Target.ratioAtMost(3)));
      try (DelayProxy proxy = DelayProxy.open(database.host(), database.port(), ROUND_TRIP)) {
        Samples far =
            jmh.times(subject.through(database.port(), proxy.port()), SCREEN_CRM, SCREEN_PIECES);
        results.add(against(work() + ", 20 ms away", far, Target.ratioAtMost(0.02)));
      }
    }
  }

  private static Figure against(String work, Samples samples, Target target) {
    return Figure.of(14, work, samples, SCREEN_CRM.words(), "ms", SCREEN_PIECES.words(), target);
  }
}
