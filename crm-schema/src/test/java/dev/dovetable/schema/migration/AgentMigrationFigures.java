package dev.dovetable.schema.migration;

import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.internal.files.Script;
import dev.dovetable.testkit.server.PostgresServer;
import dev.dovetable.testkit.server.PostgresServer.Source;
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
 * as many connections, one after the other in rounds. A third loop shows what the promises cost
 * whoever keeps them: it also takes a lock for each agent and writes the ledger, in top-level
 * statements of one transaction and one round trip. Run it as {@code java -cp <class path of the
 * tests> dev.dovetable.schema.migration.AgentMigrationFigures <agents> <rounds> <fsync: on or off>
 * <connections> …}.
 */
final class AgentMigrationFigures {
  private static final String ADD_COLUMN =
      "alter table {prefix}_customers add column {column} text";

  private static final String KEEP_PROMISES =
      """
      begin;
      select pg_advisory_xact_lock(hashtextextended('{prefix}', 0));
      %s;
      insert into crm_private.agent_versions (agent_id, extension, version, checksum, duration_ms)
      values (substr('{prefix}', 5)::bigint, 'by_hand', 1, repeat('a', 64), 0);
      commit
      """
          .formatted(ADD_COLUMN);

  private final TestDatabase database;
  private final int agents;
  private int columns;

  private AgentMigrationFigures(TestDatabase database, int agents) {
    this.database = database;
    this.agents = agents;
  }

  public static void main(String[] args) throws Exception {
    int agents = Integer.parseInt(args[0]);
    int rounds = Integer.parseInt(args[1]);
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
      figures.round(owner, 4); // warms up
      for (String connections : Arrays.asList(args).subList(3, args.length)) {
        figures.measure(owner, Integer.parseInt(connections), rounds);
      }
      figures.lookUp(owner);
    }
  }

  private void measure(DataSource owner, int connections, int rounds) throws Exception {
    List<double[]> rates = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      rates.add(round(owner, connections));
    }
    System.out.printf(
        Locale.ROOT,
        "%d connections: migrations %.0f/s, bare %.0f/s, ratio %.2f (%.2f to %.2f);"
            + " bare with lock and ledger %.0f/s, ratio %.2f%n",
        connections,
        median(rates, rate -> rate[0]),
        median(rates, rate -> rate[1]),
        median(rates, rate -> rate[0] / rate[1]),
        rates.stream().mapToDouble(rate -> rate[0] / rate[1]).min().orElseThrow(),
        rates.stream().mapToDouble(rate -> rate[0] / rate[1]).max().orElseThrow(),
        median(rates, rate -> rate[2]),
        median(rates, rate -> rate[2] / rate[1]));
  }

  /** Agents in a second: by the library, bare, and bare with lock and ledger. */
  private double[] round(DataSource owner, int connections) throws Exception {
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
    double bare = loop(owner, connections, ADD_COLUMN);
    double keeping = loop(owner, connections, KEEP_PROMISES);
    database.execute("delete from crm_private.agent_versions where extension = 'by_hand'");
    return new double[] {migrated, bare, keeping};
  }

  /** Agents in a second, with a new column. */
  private double loop(DataSource owner, int connections, String template) throws Exception {
    String sql = template.replace("{column}", "column_" + ++columns);
    Queue<String> prefixes =
        new ConcurrentLinkedQueue<>(database.strings("select agent_prefix from agents"));
    ExecutorService executor = Executors.newFixedThreadPool(connections);
    List<Future<?>> workers = new ArrayList<>();
    long begin = System.nanoTime();
    for (int i = 0; i < connections; i++) {
      workers.add(
          executor.submit(
              () -> {
                execute(owner, prefixes, sql);
                return null;
              }));
    }
    for (Future<?> worker : workers) {
      worker.get();
    }
    executor.shutdown();
    return agents * 1e9 / (System.nanoTime() - begin);
  }

  private static void execute(DataSource owner, Queue<String> prefixes, String sql)
      throws SQLException {
    try (Connection connection = owner.getConnection();
        Statement statement = connection.createStatement()) {
      for (String prefix = prefixes.poll(); prefix != null; prefix = prefixes.poll()) {
        statement.execute(sql.replace("{prefix}", prefix));
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
