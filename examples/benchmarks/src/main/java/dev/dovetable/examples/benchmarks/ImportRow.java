package dev.dovetable.examples.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.messages.NewMessage;
import dev.dovetable.examples.benchmarks.report.Figure;
import dev.dovetable.examples.benchmarks.report.Numbers;
import dev.dovetable.examples.benchmarks.report.Results;
import dev.dovetable.examples.benchmarks.report.Samples;
import dev.dovetable.examples.benchmarks.report.Target;
import dev.dovetable.examples.benchmarks.server.BenchmarkDatabase;
import dev.dovetable.examples.benchmarks.server.Sql;
import dev.dovetable.examples.benchmarks.work.HibernateTenants;
import dev.dovetable.examples.benchmarks.work.ImportedMessages;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hibernate.SessionFactory;

/** Row 4: many messages in one transaction. */
final class ImportRow implements Row {

  private static final String PREFIX = "agt_import";
  private static final int CUSTOMERS = 1000;
  private static final String SERVICE = "crm-core, as the service";
  private static final String AGENT = "crm-core, under row level security";
  private static final String COPY = "bare COPY";
  private static final String JOOQ = "jOOQ batch";
  private static final String HIBERNATE = "Hibernate with batching";

  @Override
  public List<Integer> numbers() {
    return List.of(4);
  }

  @Override
  public String work() {
    return "import messages";
  }

  @Override
  public void measure(Bench bench, Results results) throws Exception {
    int count = bench.size().count("import.messages");
    ImportedMessages messages = new ImportedMessages(count, CUSTOMERS);
    try (BenchmarkDatabase database = bench.server().database();
        // The driver joins a batch's rows in one statement then: the best that the two can do.
        HikariDataSource rewriting =
            BenchmarkDatabase.pool(database.superuserUrl() + "&reWriteBatchedInserts=true", 1);
        SessionFactory hibernate = HibernateTenants.open(rewriting)) {
      TenantScope agent = database.agent(PREFIX, CUSTOMERS, 0);
      Sql.run(database.superuser(), Sql.of("hibernate_schema.sql", PREFIX));
      TenantScope service = database.crm().asService().tenant(PREFIX);
      Map<String, Samples.Work> ways = new LinkedHashMap<>();
      ways.put(SERVICE, () -> importBy(service, messages));
      ways.put(AGENT, () -> importBy(agent, messages));
      ways.put(COPY, () -> messages.copyTo(database.superuser(), PREFIX));
      ways.put(JOOQ, () -> messages.batchTo(rewriting, agent.tables()));
      ways.put(HIBERNATE, () -> messages.persistBy(hibernate, PREFIX));
      Map<String, Samples.Task> tasks = new LinkedHashMap<>();
      ways.forEach((name, way) -> tasks.put(name, () -> rate(bench, database, name, count, way)));
      Samples.collect(bench.size().count("import.warmUps"), tasks);
      add(results, count, Samples.collect(bench.size().count("import.rounds"), tasks));
    }
  }

  private void add(Results results, int count, Samples samples) {
    String work = "import %s messages".formatted(Numbers.whole(count));
    String service = work + " as the service";
    String agent = work + " under row level security";
    results.add(figure(service, samples, SERVICE, COPY, Target.ratioAtLeast(0.9)));
    results.add(figure(service, samples, SERVICE, JOOQ, Target.none()));
    results.add(figure(service, samples, SERVICE, HIBERNATE, Target.none()));
    results.add(figure(agent, samples, AGENT, COPY, Target.ratioAtLeast(0.5)));
    results.add(figure(agent, samples, AGENT, JOOQ, Target.none()));
    results.add(figure(agent, samples, AGENT, HIBERNATE, Target.none()));
  }

  private static Figure figure(
      String work, Samples samples, String name, String reference, Target target) {
    return Figure.of(4, work, samples, name, "messages/s", reference, target);
  }

  private static void importBy(TenantScope scope, Iterable<NewMessage> messages) {
    scope.messages().importAll(messages.iterator());
  }

  /** Each time into an empty table, after a checkpoint. */
  private static double rate(
      Bench bench, BenchmarkDatabase database, String name, int count, Samples.Work way)
      throws Exception {
    bench.progress("  " + name);
    Sql.run(database.superuser(), Sql.of("empty_messages.sql", PREFIX));
    Sql.run(database.superuser(), "checkpoint");
    return Samples.perSecond(count, way);
  }
}
