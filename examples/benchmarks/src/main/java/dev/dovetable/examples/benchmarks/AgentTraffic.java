package dev.dovetable.examples.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.core.Crm;
import dev.dovetable.core.CrmFleet;
import dev.dovetable.core.FleetDatabase;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.examples.benchmarks.report.Figure;
import dev.dovetable.examples.benchmarks.report.Numbers;
import dev.dovetable.examples.benchmarks.report.Plot;
import dev.dovetable.examples.benchmarks.report.Results;
import dev.dovetable.examples.benchmarks.report.Samples;
import dev.dovetable.examples.benchmarks.report.Target;
import dev.dovetable.examples.benchmarks.server.BenchmarkDatabase;
import dev.dovetable.examples.benchmarks.server.Sql;
import dev.dovetable.examples.benchmarks.work.CrmInbound;
import dev.dovetable.schema.fleet.DatabaseFleet;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Row 10: the same traffic, spread over more and more agents. A third of it records a message, a
 * third reads a timeline, a third the conversations.
 */
final class AgentTraffic {

  private static final int CONNECTIONS = 8;
  private static final int CUSTOMER = 1;
  private static final int PAGE = 30;
  private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final double MEGABYTE = 1024 * 1024;
  private static final String ONE = "1 agent";
  private static final String SPREAD = "spread";
  private static final String BOUND = "bound";
  private static final String NAME = "benchmark";

  private final Bench bench;
  private final Fleet fleet;
  private final List<Integer> sizes = new ArrayList<>();
  private final List<Double> rates = new ArrayList<>();
  private final List<Double> megabytes = new ArrayList<>();

  AgentTraffic(Bench bench, Fleet fleet) {
    this.bench = bench;
    this.fleet = fleet;
  }

  void measure(int agents, Results results) throws Exception {
    List<String> prefixes = fleet.prefixes().subList(0, agents);
    try (Clients one = Clients.free(fleet.database(), prefixes.subList(0, 1));
        Clients spread = Clients.free(fleet.database(), prefixes);
        Clients bound = Clients.bound(fleet.database(), prefixes)) {
      for (Clients clients : List.of(one, spread, bound)) {
        clients.touchEveryAgent();
      }
      Map<String, Samples.Task> tasks = new LinkedHashMap<>();
      tasks.put(ONE, () -> one.rate(bench.size().milliseconds("traffic.measureMs").toNanos()));
      tasks.put(
          SPREAD, () -> spread.rate(bench.size().milliseconds("traffic.measureMs").toNanos()));
      tasks.put(BOUND, () -> bound.rate(bench.size().milliseconds("traffic.measureMs").toNanos()));
      if (sizes.isEmpty()) {
        WarmUp.run(bench.size().warmUpLimit(), () -> one.rate(WARM_UP_NANOS));
      }
      Samples samples = Samples.collect(bench.size().count("traffic.rounds"), tasks);
      add(agents, samples, spread.memory(), results);
      addBound(agents, samples, bound.memory(), results);
    }
  }

  private void add(int agents, Samples samples, Clients.Memory memory, Results results) {
    String over =
        " over %s, %d connections"
            .formatted(agents == 1 ? ONE : Numbers.whole(agents) + " agents", CONNECTIONS);
    results.add(
        Figure.of(10, "traffic" + over, samples, SPREAD, "operations/s", ONE, Target.none()));
    results.add(
        Figure.of(
                10,
                "catalogue memory of a backend, traffic" + over,
                memory.catalogue() / MEGABYTE,
                "MB",
                Target.none())
            .withNote(
                "All memory of the backend: %s MB. It has touched every agent."
                    .formatted(Numbers.rounded(memory.total() / MEGABYTE))));
    sizes.add(agents);
    rates.add(samples.median(SPREAD));
    megabytes.add(memory.catalogue() / MEGABYTE);
  }

  private static void addBound(
      int agents, Samples samples, Clients.Memory memory, Results results) {
    if (agents == 1) {
      return;
    }
    String over =
        " over %s agents, each bound to one of %d pools of a connection"
            .formatted(Numbers.whole(agents), CONNECTIONS);
    results.add(
        Figure.of(10, "traffic" + over, samples, BOUND, "operations/s", SPREAD, Target.none()));
    results.add(
        Figure.of(
            10,
            "catalogue memory of a backend, traffic" + over,
            memory.catalogue() / MEGABYTE,
            "MB",
            Target.none()));
  }

  void plot(Results results) {
    if (sizes.isEmpty()) {
      return;
    }
    results.add(
        new Plot(
            "traffic",
            "Traffic spread over agents, 8 connections",
            "agents",
            "operations per second",
            false,
            List.copyOf(sizes),
            Map.of("crm-core", List.copyOf(rates))));
    results.add(
        new Plot(
            "catalogue-memory",
            "Catalogue memory of a backend that has touched every agent",
            "agents",
            "megabytes",
            false,
            List.copyOf(sizes),
            Map.of("per backend", List.copyOf(megabytes))));
  }

  /** As many as there are connections, each of which is the only one of its pool. */
  private static final class Clients implements AutoCloseable {

    /** Bytes of a backend, the mean of all. */
    record Memory(double catalogue, double total) {}

    private interface Scopes {
      TenantScope of(int worker, String prefix);
    }

    private final List<HikariDataSource> pools;
    private final List<String> prefixes;
    private final Scopes scopes;

    private Clients(List<HikariDataSource> pools, List<String> prefixes, Scopes scopes) {
      this.pools = pools;
      this.prefixes = prefixes;
      this.scopes = scopes;
    }

    /** Each has a connection of its own, so each connection meets every agent. */
    static Clients free(BenchmarkDatabase database, List<String> prefixes) {
      List<HikariDataSource> pools = pools(database);
      List<Crm> crms = pools.stream().map(Crm::create).toList();
      return new Clients(pools, prefixes, (worker, prefix) -> crms.get(worker).asAgent(prefix));
    }

    /** All use all connections, each of which meets the agents that are bound to it. */
    static Clients bound(BenchmarkDatabase database, List<String> prefixes) {
      try (HikariDataSource owner = BenchmarkDatabase.pool(database.superuserUrl(), 1)) {
        DatabaseFleet.of(Map.of(NAME, owner)).directoryIn(NAME).enrol();
      }
      List<HikariDataSource> pools = pools(database);
      CrmFleet fleet =
          CrmFleet.builder()
              .database(FleetDatabase.of(NAME, pools.toArray(DataSource[]::new)))
              .build();
      return new Clients(pools, prefixes, (worker, prefix) -> fleet.asAgent(prefix));
    }

    private static List<HikariDataSource> pools(BenchmarkDatabase database) {
      return Stream.generate(() -> BenchmarkDatabase.pool(database.url(), 1))
          .limit(CONNECTIONS)
          .toList();
    }

    void touchEveryAgent() throws InterruptedException {
      Workers.run(
          CONNECTIONS,
          worker -> {
            for (String prefix : prefixes) {
              for (int kind = 0; kind < 3; kind++) {
                act(scopes.of(worker, prefix), kind);
              }
            }
          });
    }

    /** Operations per second. */
    double rate(long nanoseconds) throws InterruptedException {
      LongAdder done = new LongAdder();
      long begin = System.nanoTime();
      Workers.run(
          CONNECTIONS,
          worker -> {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            int i = 0;
            do { // Once at least: the machine may be busy.
              String prefix = prefixes.get(random.nextInt(prefixes.size()));
              act(scopes.of(worker, prefix), i++ % 3);
              done.increment();
            } while (System.nanoTime() - begin < nanoseconds);
          });
      return done.sum() * 1e9 / (System.nanoTime() - begin);
    }

    private static void act(TenantScope scope, int kind) {
      switch (kind) {
        case 0 ->
            scope
                .messages()
                .recordInboundFrom(Fleet.PHONE, "Customer", CrmInbound.TEXT, Instant.now());
        case 1 -> scope.messages().timeline(CUSTOMER, PageRequest.first(PAGE));
        default -> scope.conversations().latest(PageRequest.first(PAGE));
      }
    }

    Memory memory() throws SQLException {
      double catalogue = 0;
      double total = 0;
      for (HikariDataSource pool : pools) {
        try (Connection connection = pool.getConnection()) {
          catalogue += Double.parseDouble(Sql.text(connection, Sql.of("catalogue_memory.sql")));
          total += Double.parseDouble(Sql.text(connection, Sql.of("backend_memory.sql")));
        }
      }
      return new Memory(catalogue / CONNECTIONS, total / CONNECTIONS);
    }

    @Override
    public void close() {
      pools.forEach(HikariDataSource::close);
    }
  }
}
