package dev.dovetable.examples.benchmarks;

import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.changes.ChangeFeed;
import dev.dovetable.core.changes.ChangeSubscription;
import dev.dovetable.examples.benchmarks.report.Figure;
import dev.dovetable.examples.benchmarks.report.Results;
import dev.dovetable.examples.benchmarks.report.Samples;
import dev.dovetable.examples.benchmarks.report.Target;
import dev.dovetable.examples.benchmarks.server.BenchmarkDatabase;
import dev.dovetable.examples.benchmarks.server.BenchmarkException;
import dev.dovetable.examples.benchmarks.server.Sql;
import dev.dovetable.examples.benchmarks.work.CrmInbound;
import dev.dovetable.schema.migration.AgentMigrations;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Row 18: what the change feed costs those who write. */
final class FeedRow implements Row {
  private static final int NUMBER = 18;
  private static final String PREFIX = "agt_feed";
  private static final int CUSTOMERS = 100;
  private static final int WRITERS = 8;
  private static final String LISTENED = "with a listener";
  private static final String UNHEARD = "with the feed, and nobody listening";
  private static final String WITHOUT = "without the feed";

  @Override
  public List<Integer> numbers() {
    return List.of(NUMBER);
  }

  @Override
  public String work() {
    return "record messages, 8 threads, with the change feed";
  }

  @Override
  public void measure(Bench bench, Results results) throws Exception {
    try (BenchmarkDatabase watched = bench.server().database();
        BenchmarkDatabase plain = bench.server().database()) {
      for (BenchmarkDatabase database : List.of(watched, plain)) {
        database.agent(PREFIX, CUSTOMERS, 0);
        Sql.run(database.superuser(), Sql.of("asynchronous_commit.sql"));
      }
      AgentMigrations.of(ChangeFeed.extension()).run(watched.superuser());
      watched.settle();
      plain.settle();
      int count = bench.size().count("feed.messages");
      Crm announcing = Crm.builder(watched.pool()).announceChanges().build();
      Map<String, Samples.Task> tasks = new LinkedHashMap<>();
      tasks.put(LISTENED, () -> listened(watched, announcing.asAgent(PREFIX), count));
      tasks.put(UNHEARD, () -> record(watched.crm().asAgent(PREFIX), count));
      tasks.put(WITHOUT, () -> record(plain.crm().asAgent(PREFIX), count));
      WarmUp.run(bench.size().warmUpLimit(), () -> Samples.collect(1, tasks));
      Samples samples = Samples.collect(bench.size().count("feed.rounds"), tasks);
      results.add(
          Figure.of(
                  NUMBER,
                  work(),
                  samples,
                  LISTENED,
                  "messages/s",
                  UNHEARD,
                  Target.ratioAtLeast(0.9))
              .withNote("synchronous_commit off; each commit is announced and told."));
      results.add(
          Figure.of(NUMBER, work(), samples, LISTENED, "messages/s", WITHOUT, Target.none()));
    }
  }

  /** By a process of the same CRM's; each message is told, or it fails. */
  private static double listened(BenchmarkDatabase database, TenantScope shop, int count)
      throws Exception {
    AtomicLong told = new AtomicLong();
    try (ChangeSubscription screen =
        Crm.create(database.superuser())
            .asAgent(PREFIX)
            .changes()
            .listen(changes -> changes.forEach(change -> told.addAndGet(change.ids().size())))) {
      double rate = record(shop, count);
      for (int i = 0; i < 1_000 && told.get() < count; i++) {
        Thread.sleep(10);
      }
      if (told.get() != count || !screen.isOpen()) {
        throw new BenchmarkException(told.get() + " of " + count + " messages were told");
      }
      return rate;
    }
  }

  private static double record(TenantScope shop, int count) throws Exception {
    return Samples.perSecond(
        count,
        () ->
            Workers.run(
                WRITERS,
                worker -> {
                  for (int i = worker; i < count; i += WRITERS) {
                    shop.messages().recordInbound(1 + i % CUSTOMERS, CrmInbound.TEXT);
                  }
                }));
  }
}
