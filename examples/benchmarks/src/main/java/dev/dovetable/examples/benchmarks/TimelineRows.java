package dev.dovetable.examples.benchmarks;

import static dev.dovetable.examples.benchmarks.work.Alternative.TIMELINE_BY_HAND;
import static dev.dovetable.examples.benchmarks.work.Alternative.TIMELINE_CRM;
import static dev.dovetable.examples.benchmarks.work.Alternative.TIMELINE_HIBERNATE;
import static dev.dovetable.examples.benchmarks.work.Alternative.TIMELINE_HIBERNATE_AUTOCOMMIT;
import static dev.dovetable.examples.benchmarks.work.Alternative.TIMELINE_JDBC;

import dev.dovetable.examples.benchmarks.report.Figure;
import dev.dovetable.examples.benchmarks.report.Results;
import dev.dovetable.examples.benchmarks.report.Samples;
import dev.dovetable.examples.benchmarks.report.Target;
import dev.dovetable.examples.benchmarks.server.BenchmarkDatabase;
import dev.dovetable.examples.benchmarks.server.DelayProxy;
import dev.dovetable.examples.benchmarks.server.Sql;
import dev.dovetable.examples.benchmarks.work.Alternative;
import dev.dovetable.examples.benchmarks.work.Subject;
import java.time.Duration;
import java.util.List;

/** Rows 1 and 2: one page of a timeline, on loopback and far from the server. */
final class TimelineRows implements Row {

  private static final String PREFIX = "agt_timeline";
  private static final Duration ROUND_TRIP = Duration.ofMillis(20);

  @Override
  public List<Integer> numbers() {
    return List.of(1, 2);
  }

  @Override
  public String work() {
    return "timeline page of 50";
  }

  @Override
  public void measure(Bench bench, Results results) throws Exception {
    try (BenchmarkDatabase database = bench.server().database()) {
      int customers = bench.size().count("timeline.customers");
      database.agent(PREFIX, customers, bench.size().count("timeline.messages"));
      Sql.run(database.superuser(), Sql.of("hibernate_schema.sql", PREFIX));
      database.settle();
      Subject subject = Subject.of(database, PREFIX, customers);
      add(bench, results, "on loopback", 1.3, Target.ratioBelow(1), subject);
      try (DelayProxy proxy = DelayProxy.open(database.host(), database.port(), ROUND_TRIP)) {
        add(
            bench,
            results,
            "20 ms away",
            1.05,
            Target.ratioAtMost(0.5),
            subject.through(database.port(), proxy.port()));
      }
    }
  }

  private void add(
      Bench bench,
      Results results,
      String where,
      double bareBound,
      Target otherTarget,
      Subject subject)
      throws Exception {
    String work = work() + " under row level security, " + where;
    Alternative[] alternatives =
        bench.wants(2)
            ? new Alternative[] {
              TIMELINE_CRM,
              TIMELINE_JDBC,
              TIMELINE_BY_HAND,
              TIMELINE_HIBERNATE,
              TIMELINE_HIBERNATE_AUTOCOMMIT
            }
            : new Alternative[] {TIMELINE_CRM, TIMELINE_JDBC};
    Samples samples = new Jmh(bench).times(subject, alternatives);
    if (bench.wants(1)) {
      results.add(
          figure(1, work, samples, TIMELINE_JDBC, Target.ratioAtMost(bareBound))
              .withNote("The reference has no row level security."));
    }
    if (bench.wants(2)) {
      results.add(figure(2, work, samples, TIMELINE_BY_HAND, otherTarget));
      results.add(
          figure(2, work, samples, TIMELINE_HIBERNATE, otherTarget)
              .withNote("Hibernate isolates tenants by schemas, without row level security."));
      results.add(
          figure(2, work, samples, TIMELINE_HIBERNATE_AUTOCOMMIT, Target.ratioBelow(1))
              .withNote("Its guide advises against it; two round trips."));
    }
  }

  private static Figure figure(
      int row, String work, Samples samples, Alternative reference, Target target) {
    return Figure.of(row, work, samples, TIMELINE_CRM.words(), "ms", reference.words(), target);
  }
}
