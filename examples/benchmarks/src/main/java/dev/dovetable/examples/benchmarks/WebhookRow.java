package dev.dovetable.examples.benchmarks;

import dev.dovetable.examples.benchmarks.report.Figure;
import dev.dovetable.examples.benchmarks.report.Numbers;
import dev.dovetable.examples.benchmarks.report.Results;
import dev.dovetable.examples.benchmarks.report.Samples;
import dev.dovetable.examples.benchmarks.report.Target;
import dev.dovetable.examples.benchmarks.server.BenchmarkDatabase;
import dev.dovetable.examples.benchmarks.server.Sql;
import dev.dovetable.examples.benchmarks.work.CrmInbound;
import dev.dovetable.examples.benchmarks.work.WebhookBodies;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Row 12: callbacks of WhatsApp's, signature and all. */
final class WebhookRow implements Row {

  /** More than are stored beside the large one. */
  private static final int SMALL = 20_000;

  private static final int WAIT = 200;
  private static final String CRM = "crm-core";
  private static final String INSERT = "plain multi-row INSERT";
  private static final LocalDateTime TIME = LocalDateTime.parse("2026-06-01T00:00:00");

  @Override
  public List<Integer> numbers() {
    return List.of(12);
  }

  @Override
  public String work() {
    return "webhook bodies";
  }

  @Override
  public void measure(Bench bench, Results results) throws Exception {
    try (WebhookReceiver receiver = WebhookReceiver.open(bench, List.of())) {
      for (int messages : List.of(1, 50)) {
        measure(bench, results, receiver, messages);
      }
      results.add(longestWait(bench, receiver));
    }
  }

  /**
   * Another thread takes in one body after the other of known customers, until the large one is.
   */
  private static Figure longestWait(Bench bench, WebhookReceiver receiver) throws Exception {
    int senders = bench.size().count("webhooks.newSenders");
    WebhookBodies.Signed large = receiver.bodies().ofNewSenders(senders);
    List<WebhookBodies.Signed> small = receiver.bodies().next(SMALL, 1);
    AtomicBoolean isStored = new AtomicBoolean();
    double[] longest = {0};
    Workers.run(
        2,
        worker -> {
          if (worker == 0) {
            receiver.receive(large, senders);
            isStored.set(true);
            return;
          }
          for (int i = 0; i < SMALL && !isStored.get(); i++) {
            WebhookBodies.Signed one = small.get(i);
            longest[0] = Math.max(longest[0], Samples.milliseconds(() -> receiver.receive(one, 1)));
          }
        });
    return Figure.of(
        12,
        "the longest delivery of 1 message beside a body of %s new senders"
            .formatted(Numbers.whole(senders)),
        longest[0],
        "ms",
        Target.below(WAIT, "ms"));
  }

  private void measure(Bench bench, Results results, WebhookReceiver receiver, int messages)
      throws Exception {
    int count = bench.size().count("webhooks.bodies");
    Map<String, Samples.Task> tasks = new LinkedHashMap<>();
    tasks.put(
        CRM,
        () -> {
          List<WebhookBodies.Signed> signed = receiver.bodies().next(count, messages);
          return Samples.perSecond(
              (long) count * messages,
              () -> signed.forEach(one -> receiver.receive(one, messages)));
        });
    tasks.put(INSERT, () -> insert(receiver.database(), count, messages));
    WarmUp.run(bench.size().warmUpLimit(), () -> Samples.collect(1, tasks));
    receiver.database().settle();
    Samples samples = Samples.collect(bench.size().count("webhooks.rounds"), tasks);
    String work = "webhook bodies of " + (messages == 1 ? "1 message" : messages + " messages");
    results.add(
        Figure.of(12, work, samples, CRM, "messages/s", INSERT, Target.ratioAtLeast(0.3))
            .withNote(
                "Signature, routing, customers, details and exactly once; the reference inserts"
                    + " rows of known customers into one table."));
  }

  /** One statement for each body, with autocommit. */
  private static double insert(BenchmarkDatabase database, int bodies, int messages)
      throws Exception {
    String sql =
        Sql.of("insert_rows.sql", WebhookReceiver.PREFIX)
            + String.join(", ", Collections.nCopies(messages, "(?, ?, 'inbound', ?)"));
    try (Connection connection = database.superuser().getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      return Samples.perSecond(
          (long) bodies * messages,
          () -> {
            for (int body = 0; body < bodies; body++) {
              bind(statement, body, messages);
              statement.execute();
            }
          });
    }
  }

  private static void bind(PreparedStatement statement, int body, int messages)
      throws SQLException {
    int parameter = 0;
    for (int i = 0; i < messages; i++) {
      int number = body * messages + i;
      statement.setInt(++parameter, 1 + number % WebhookReceiver.CUSTOMERS);
      statement.setString(++parameter, CrmInbound.TEXT);
      statement.setObject(++parameter, TIME.plusSeconds(number));
    }
  }
}
