package dev.dovetable.examples.benchmarks;

import static dev.dovetable.examples.benchmarks.work.Alternative.INBOX_BY_HAND;
import static dev.dovetable.examples.benchmarks.work.Alternative.INBOX_COUNTS;
import static dev.dovetable.examples.benchmarks.work.Alternative.INBOX_CRM;
import static dev.dovetable.examples.benchmarks.work.Alternative.INBOX_RARE;

import dev.dovetable.core.inbox.Inbox;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.examples.benchmarks.report.Figure;
import dev.dovetable.examples.benchmarks.report.Numbers;
import dev.dovetable.examples.benchmarks.report.Results;
import dev.dovetable.examples.benchmarks.report.Samples;
import dev.dovetable.examples.benchmarks.report.Target;
import dev.dovetable.examples.benchmarks.server.BenchmarkDatabase;
import dev.dovetable.examples.benchmarks.server.Sql;
import dev.dovetable.examples.benchmarks.work.Alternative;
import dev.dovetable.examples.benchmarks.work.Subject;
import dev.dovetable.schema.migration.AgentMigrations;
import java.util.List;

/** Row 15: conversations by their state. */
final class InboxRow implements Row {

  private static final String PREFIX = "agt_inbox";

  @Override
  public List<Integer> numbers() {
    return List.of(15);
  }

  @Override
  public String work() {
    return "30 open, unread, unassigned conversations with a tag";
  }

  @Override
  public void measure(Bench bench, Results results) throws Exception {
    try (BenchmarkDatabase database = bench.server().database()) {
      int customers = bench.size().count("inbox.customers");
      int messages = bench.size().count("inbox.messages");
      database.agent(PREFIX, customers, messages);
      // So that computing all states is planned for as many messages as there are.
      database.settle();
      AgentMigrations.of(Webhooks.extension(), Inbox.extension()).run(database.superuser());
      Sql.run(database.superuser(), Sql.of("insert_deliveries.sql", PREFIX));
      Sql.run(database.superuser(), Sql.of("set_states.sql", PREFIX));
      database.settle();
      Samples samples =
          new Jmh(bench)
              .times(
                  Subject.of(database, PREFIX, customers),
                  INBOX_CRM,
                  INBOX_RARE,
                  INBOX_COUNTS,
                  INBOX_BY_HAND);
      String among =
          ", of %s customers with %s messages"
              .formatted(Numbers.whole(customers), Numbers.whole(messages));
      results.add(against(work() + among, samples, INBOX_CRM, Target.ratioAtMost(0.05)));
      results.add(against("the same with a rare tag", samples, INBOX_RARE, Target.none()));
      results.add(against("counts for badges", samples, INBOX_COUNTS, Target.none()));
    }
  }

  private static Figure against(String work, Samples samples, Alternative measured, Target target) {
    return Figure.of(15, work, samples, measured.words(), "ms", INBOX_BY_HAND.words(), target);
  }
}
