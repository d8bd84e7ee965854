package dev.dovetable.examples.benchmarks;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.jooq.tables.Customers;
import dev.dovetable.core.jooq.tables.Messages;
import dev.dovetable.examples.benchmarks.report.Figure;
import dev.dovetable.examples.benchmarks.report.Numbers;
import dev.dovetable.examples.benchmarks.report.Plot;
import dev.dovetable.examples.benchmarks.report.Results;
import dev.dovetable.examples.benchmarks.report.Samples;
import dev.dovetable.examples.benchmarks.report.Size;
import dev.dovetable.examples.benchmarks.report.Target;
import dev.dovetable.examples.benchmarks.server.BenchmarkDatabase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.impl.DSL;

/** Row 5: the first page of conversations, the more messages there are. */
final class ConversationRow implements Row {

  private static final int PAGE = 30;

  @Override
  public List<Integer> numbers() {
    return List.of(5);
  }

  @Override
  public String work() {
    return "conversation list, first page of 30";
  }

  @Override
  public void measure(Bench bench, Results results) throws Exception {
    Size size = bench.size();
    int customers = size.count("conversations.customers");
    List<Integer> steps = size.counts("conversations.messages");
    try (BenchmarkDatabase database = bench.server().database()) {
      // An agent for each step, so that all of them are measured in turn.
      Map<String, Samples.Task> tasks = new LinkedHashMap<>();
      for (int messages : steps) {
        bench.progress("  filling an agent with %s messages".formatted(Numbers.whole(messages)));
        TenantScope scope = database.agent("agt_" + messages, customers, messages);
        tasks.put(list(messages), () -> Samples.milliseconds(() -> list(scope)));
        tasks.put(distinct(messages), () -> Samples.milliseconds(() -> distinct(scope)));
      }
      database.settle();
      Map<String, Samples.Task> smallest = new LinkedHashMap<>(tasks);
      smallest.keySet().retainAll(List.of(list(steps.get(0)), distinct(steps.get(0))));
      WarmUp.run(size.warmUpLimit(), () -> Samples.collect(1, smallest));
      Samples.collect(size.count("conversations.prepares"), tasks);
      add(results, customers, steps, Samples.collect(size.count("conversations.rounds"), tasks));
    }
  }

  private void add(Results results, int customers, List<Integer> steps, Samples samples) {
    int first = steps.get(0);
    List<Double> list = new ArrayList<>();
    List<Double> distinct = new ArrayList<>();
    for (int messages : steps) {
      list.add(samples.median(list(messages)));
      distinct.add(samples.median(distinct(messages)));
      String work =
          "%s: %s customers, %s messages"
              .formatted(work(), Numbers.whole(customers), Numbers.whole(messages));
      results.add(
          Figure.of(
              5, work, samples, list(messages), "ms", distinct(messages), Target.ratioBelow(1)));
      if (messages != first) {
        Target target =
            messages == steps.get(steps.size() - 1) ? Target.ratioBelow(1.5) : Target.none();
        results.add(Figure.of(5, work, samples, list(messages), "ms", list(first), target));
      }
    }
    Map<String, List<Double>> lines = new LinkedHashMap<>();
    lines.put("crm-core", list);
    lines.put("DISTINCT ON", distinct);
    results.add(
        new Plot(
            "conversations",
            "First page of the conversation list",
            "messages",
            "milliseconds",
            true,
            steps,
            lines));
  }

  private static String list(int messages) {
    return "the list at %s messages".formatted(Numbers.whole(messages));
  }

  private static String distinct(int messages) {
    return "DISTINCT ON at %s messages".formatted(Numbers.whole(messages));
  }

  private static Object list(TenantScope scope) {
    return scope.conversations().latest(PageRequest.first(PAGE));
  }

  /** The usual way to ask for it, also under row level security. */
  private static Result<? extends Record> distinct(TenantScope scope) {
    Customers customer = scope.tables().customers().as("c");
    Messages message = scope.tables().messages().as("m");
    Messages latest = scope.tables().messages().as("latest");
    return scope
        .dsl()
        .select(customer.fields())
        .select(latest.fields())
        .from(
            DSL.select(message.fields())
                .distinctOn(message.CUSTOMER_ID)
                .from(message)
                .where(message.TIMESTAMP.isNotNull())
                .orderBy(message.CUSTOMER_ID, message.TIMESTAMP.desc(), message.ID.desc())
                .asTable(latest.getName()))
        .join(customer)
        .on(customer.ID.eq(latest.CUSTOMER_ID))
        .orderBy(latest.TIMESTAMP.desc(), latest.ID.desc())
        .limit(PAGE + 1)
        .fetch();
  }
}
