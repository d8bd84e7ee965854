package dev.wacrm.schema;

import dev.wacrm.testkit.server.PostgresServer;
import dev.wacrm.testkit.server.PostgresServer.Source;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;
import javax.sql.DataSource;

/**
 * Measures how fast agents are migrated, against a bare JDBC loop that executes the same DDL with
 * as many connections, one after the other in pairs. Run it as {@code java -cp <class path of the
 * tests> dev.wacrm.schema.AgentMigrationFigures <agents> <pairs> <fsync: on or off> <connections>
 * …}.
 */
final class AgentMigrationFigures {
  private final TestDatabase database;
  private final int agents;
  private int columns;

  private AgentMigrationFigures(TestDatabase database, int agents) {
    this.database = database;
    this.agents = agents;
  }

  public static void main(String[] args) throws Exception {
    int agents = Integer.parseInt(args[0]);
    int pairs = Integer.parseInt(args[1]);
    try (PostgresServer server =
            PostgresServer.builder()
                .source(Source.EMBEDDED)
                .setting("fsync", args[2])
                .setting("synchronous_commit", "on")
                .setting("full_page_writes", "on")
                .start();
        TestDatabase database = new TestDatabase(server.createDatabase())) {
      DataSource owner = database.owner("owner", "createrole");
      CrmSchema.create().install(owner);
      new AgentsOf(database, owner).make(1, agents);
      AgentMigrationFigures figures = new AgentMigrationFigures(database, agents);
      figures.pair(owner, 4); // warms up
      for (String connections : Arrays.asList(args).subList(3, args.length)) {
        figures.measure(owner, Integer.parseInt(connections), pairs);
      }
      figures.lookUp(owner);
    }
  }

  private void measure(DataSource owner, int connections, int pairs) throws Exception {
    List<double[]> rates = new ArrayList<>();
    for (int i = 0; i < pairs; i++) {
      rates.add(pair(owner, connections));
    }
    System.out.printf(
        Locale.ROOT,
        "%d connections: migrations %.0f/s, bare %.0f/s, ratio %.2f (%.2f to %.2f)%n",
        connections,
        median(rates, rate -> rate[0]),
        median(rates, rate -> rate[1]),
        median(rates, rate -> rate[0] / rate[1]),
        rates.stream().mapToDouble(rate -> rate[0] / rate[1]).min().orElseThrow(),
        rates.stream().mapToDouble(rate -> rate[0] / rate[1]).max().orElseThrow());
  }

  /** Agents in a second: with the ledger, and without. */
  private double[] pair(DataSource owner, int connections) throws Exception {
    String column = "column_" + ++columns;
    AgentMigrations migrations =
        AgentMigrations.builder(
                AgentExtension.of(
                    column,
                    List.of(
                        Script.of(
                            "db/001_" + column + ".sql",
                            "alter table {customers} add column " + column + " text"))))
            .connections(connections)
            .build();
    long begin = System.nanoTime();
    if (!migrations.run(owner).isComplete()) {
      throw new IllegalStateException("a run failed");
    }
    double migrated = agents * 1e9 / (System.nanoTime() - begin);
    begin = System.nanoTime();
    bare(owner, connections, "column_" + ++columns);
    return new double[] {migrated, agents * 1e9 / (System.nanoTime() - begin)};
  }

  private void bare(DataSource owner, int connections, String column) throws Exception {
    Queue<String> prefixes =
        new ConcurrentLinkedQueue<>(database.strings("select agent_prefix from agents"));
    ExecutorService executor = Executors.newFixedThreadPool(connections);
    List<Future<?>> workers = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      workers.add(
          executor.submit(
              () -> {
                alter(owner, prefixes, column);
                return null;
              }));
    }
    for (Future<?> worker : workers) {
      worker.get();
    }
    executor.shutdown();
  }

  private static void alter(DataSource owner, Queue<String> prefixes, String column)
      throws SQLException {
    try (Connection connection = owner.getConnection();
        Statement statement = connection.createStatement()) {
      for (String prefix = prefixes.poll(); prefix != null; prefix = prefixes.poll()) {
        statement.execute("alter table " + prefix + "_customers add column " + column + " text");
      }
    }
  }

  private void lookUp(DataSource owner) throws SQLException {
    List<double[]> times = new ArrayList<>();
    try (Connection connection = owner.getConnection()) {
      for (int i = 0; i < 20; i++) {
        long begin = System.nanoTime();
        TestDatabase.strings(connection, "select count(*) from crm_private.outdated_agents()");
        times.add(new double[] {(System.nanoTime() - begin) / 1e6});
      }
    }
    System.out.printf(
        Locale.ROOT,
        "is everybody up to date: %.1f ms for %s entries of the ledger%n",
        median(times, time -> time[0]),
        database.string("select count(*)::text from crm_private.agent_versions"));
  }

  private static double median(List<double[]> values, ToDoubleFunction<double[]> value) {
    double[] sorted = values.stream().mapToDouble(value).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
