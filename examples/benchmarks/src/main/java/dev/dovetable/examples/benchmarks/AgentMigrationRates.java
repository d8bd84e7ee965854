package dev.dovetable.examples.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.examples.benchmarks.report.Figure;
import dev.dovetable.examples.benchmarks.report.Numbers;
import dev.dovetable.examples.benchmarks.report.Plot;
import dev.dovetable.examples.benchmarks.report.Results;
import dev.dovetable.examples.benchmarks.report.Samples;
import dev.dovetable.examples.benchmarks.report.Target;
import dev.dovetable.examples.benchmarks.server.BenchmarkDatabase;
import dev.dovetable.examples.benchmarks.server.BenchmarkException;
import dev.dovetable.examples.benchmarks.server.Sql;
import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.schema.migration.AgentMigrationReport;
import dev.dovetable.schema.migration.AgentMigrations;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** Row 11: a column more in a table of every agent. */
final class AgentMigrationRates {

  private static final String FOLDER = "dev/dovetable/examples/benchmarks/extension";
  private static final String LIBRARY = "AgentMigrations";
  private static final String BARE = "bare JDBC loop";

  private final Bench bench;
  private final Fleet fleet;

  AgentMigrationRates(Bench bench, Fleet fleet) {
    this.bench = bench;
    this.fleet = fleet;
  }

  void measure(Results results) throws Exception {
    List<Integer> connections = bench.size().counts("migration.connections");
    Map<String, List<Double>> rates = new LinkedHashMap<>();
    for (int count : connections) {
      Samples samples = measure(count);
      for (String name : List.of(LIBRARY, BARE)) {
        rates.computeIfAbsent(name, none -> new ArrayList<>()).add(samples.median(name));
      }
      String work =
          "add a column for %s agents over %d %s"
              .formatted(
                  Numbers.whole(fleet.prefixes().size()),
                  count,
                  count == 1 ? "connection" : "connections");
      results.add(
          Figure.of(11, work, samples, LIBRARY, "agents/s", BARE, Target.ratioAtLeast(0.8)));
    }
    results.add(
        new Plot(
            "migrate-agents",
            "Migrating agents",
            "connections",
            "agents per second",
            false,
            connections,
            rates));
  }

  private Samples measure(int connections) throws Exception {
    bench.progress("  connections: " + connections);
    List<String> prefixes = fleet.prefixes();
    // One more, from which the migrations look what is to be done.
    try (HikariDataSource pool =
        BenchmarkDatabase.pool(fleet.database().superuserUrl(), connections + 1)) {
      Map<String, Samples.Task> tasks = new LinkedHashMap<>();
      tasks.put(
          LIBRARY, () -> Samples.perSecond(prefixes.size(), () -> migrate(pool, connections)));
      tasks.put(
          BARE,
          () ->
              Samples.perSecond(
                  prefixes.size(), () -> onEach(pool, connections, "add_column.sql")));
      Map<String, Samples.Task> cleaned = new LinkedHashMap<>();
      tasks.forEach((name, task) -> cleaned.put(name, () -> cleaningUp(pool, connections, task)));
      WarmUp.run(bench.size().warmUpLimit(), () -> Samples.collect(1, cleaned));
      return Samples.collect(bench.size().count("migration.rounds"), cleaned);
    }
  }

  private double cleaningUp(DataSource pool, int connections, Samples.Task task) throws Exception {
    try {
      return task.run();
    } finally {
      Sql.run(pool, Sql.of("forget_extension.sql"));
      onEach(pool, connections, "drop_column.sql");
    }
  }

  private void migrate(DataSource pool, int connections) {
    AgentExtension extension =
        AgentExtension.fromClassPath("benchmark", FOLDER, "001_add_note.sql");
    AgentMigrationReport report =
        AgentMigrations.builder(extension).connections(connections).build().run(pool);
    if (!report.isComplete()) {
      throw new BenchmarkException("Not all agents were migrated: " + report.failures());
    }
  }

  /** One statement for each agent, in a transaction of its own. */
  private void onEach(DataSource pool, int connections, String file)
      throws InterruptedException, SQLException {
    List<String> prefixes = fleet.prefixes();
    Workers.run(
        connections,
        worker -> {
          try (var connection = pool.getConnection()) {
            for (int i = worker; i < prefixes.size(); i += connections) {
              Sql.run(connection, Sql.of(file, prefixes.get(i)));
            }
          }
        });
  }
}
