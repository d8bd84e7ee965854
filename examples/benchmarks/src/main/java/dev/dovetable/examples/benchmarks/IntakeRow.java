package dev.dovetable.examples.benchmarks;

import dev.dovetable.core.changes.ChangeFeed;
import dev.dovetable.core.inbox.Inbox;
import dev.dovetable.core.messages.MessageSearch;
import dev.dovetable.examples.benchmarks.report.Figure;
import dev.dovetable.examples.benchmarks.report.Results;
import dev.dovetable.examples.benchmarks.report.Samples;
import dev.dovetable.examples.benchmarks.report.Target;
import dev.dovetable.examples.benchmarks.work.WebhookBodies;
import dev.dovetable.schema.migration.AgentExtension;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Row 19: what the inbox, the search and the change feed add to the intake of callbacks. */
final class IntakeRow implements Row {

  private static final String BODIES = "webhook bodies of 1 message";
  private static final String ALONE = "crm-core without them";
  private static final Map<String, Added> ADDED = new LinkedHashMap<>();

  static {
    ADDED.put("with the inbox", new Added(1.3, List.of(Inbox.extension())));
    ADDED.put("with the change feed", new Added(1.25, List.of(ChangeFeed.extension())));
    ADDED.put("with the search", new Added(0, List.of(MessageSearch.extension())));
    ADDED.put(
        "with all three",
        new Added(
            1.5, List.of(Inbox.extension(), ChangeFeed.extension(), MessageSearch.extension())));
  }

  /**
   * What is registered besides the tables of webhooks.
   *
   * @param bound how many times the time without it; 0 for none
   */
  private record Added(double bound, List<AgentExtension> extensions) {
    Target target() {
      return bound == 0 ? Target.none() : Target.ratioAtMost(bound);
    }
  }

  @Override
  public List<Integer> numbers() {
    return List.of(19);
  }

  @Override
  public String work() {
    return BODIES + ", with what an inbox needs";
  }

  /** In turns, because what else the machine does is more than what is measured. */
  @Override
  public void measure(Bench bench, Results results) throws Exception {
    int count = bench.size().count("webhooks.bodies");
    Map<String, WebhookReceiver> receivers = new LinkedHashMap<>();
    try {
      receivers.put(ALONE, WebhookReceiver.open(bench, List.of()));
      for (Map.Entry<String, Added> added : ADDED.entrySet()) {
        receivers.put(added.getKey(), WebhookReceiver.open(bench, added.getValue().extensions()));
      }
      Map<String, Samples.Task> tasks = new LinkedHashMap<>();
      receivers.forEach((name, receiver) -> tasks.put(name, () -> timeOfEach(receiver, count)));
      WarmUp.run(bench.size().warmUpLimit(), () -> Samples.collect(1, tasks));
      for (WebhookReceiver receiver : receivers.values()) {
        receiver.database().settle();
      }
      Samples samples = Samples.collect(bench.size().count("webhooks.rounds"), tasks);
      ADDED.forEach(
          (name, added) ->
              results.add(
                  Figure.of(19, BODIES + ", " + name, samples, name, "ms", ALONE, added.target())));
    } finally {
      for (WebhookReceiver receiver : receivers.values()) {
        receiver.close();
      }
    }
  }

  private static double timeOfEach(WebhookReceiver receiver, int count) throws Exception {
    List<WebhookBodies.Signed> signed = receiver.bodies().next(count, 1);
    return Samples.milliseconds(() -> signed.forEach(one -> receiver.receive(one, 1))) / count;
  }
}
