package dev.dovetable.examples.benchmarks;

import dev.dovetable.examples.benchmarks.report.Numbers;
import dev.dovetable.examples.benchmarks.report.Results;
import dev.dovetable.examples.benchmarks.report.Size;
import dev.dovetable.examples.benchmarks.server.BenchmarkDatabase;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Rows 8 to 11: what grows with the number of agents, on one database that grows. */
final class FleetRows implements Row {

  @Override
  public List<Integer> numbers() {
    return List.of(8, 9, 10, 11);
  }

  @Override
  public String work() {
    return "a growing number of agents";
  }

  @Override
  public void measure(Bench bench, Results results) throws Exception {
    Size size = bench.size();
    List<Integer> lifecycles = size.counts("lifecycle.agents");
    List<Integer> spreads = size.counts("traffic.agents");
    int migrated = size.count("migration.agents");
    try (BenchmarkDatabase database = bench.server().database()) {
      Fleet fleet = new Fleet(bench, database);
      AgentLifecycle lifecycle = new AgentLifecycle(bench, fleet);
      AgentTraffic traffic = new AgentTraffic(bench, fleet);
      try {
        for (int agents : sizes(bench, lifecycles, spreads, migrated)) {
          fleet.growTo(agents);
          database.settleCatalogue();
          if (isLifecycleWanted(bench) && lifecycles.contains(agents)) {
            bench.attempt(
                List.of(8, 9),
                "create and delete, agents: " + Numbers.whole(agents),
                results,
                () -> lifecycle.measure(agents, results));
          }
          if (agents == migrated) {
            bench.attempt(
                List.of(11),
                "migrate, agents: " + Numbers.whole(agents),
                results,
                () -> new AgentMigrationRates(bench, fleet).measure(results));
          }
          if (spreads.contains(agents)) {
            bench.attempt(
                List.of(10),
                "traffic, agents: " + Numbers.whole(agents),
                results,
                () -> traffic.measure(agents, results));
          }
        }
      } finally {
        lifecycle.plot(results);
        traffic.plot(results);
      }
    }
  }

  private static boolean isLifecycleWanted(Bench bench) {
    return bench.wants(8) || bench.wants(9);
  }

  private static Set<Integer> sizes(
      Bench bench, List<Integer> lifecycles, List<Integer> spreads, int migrated) {
    Set<Integer> sizes = new TreeSet<>();
    if (isLifecycleWanted(bench)) {
      sizes.addAll(lifecycles);
    }
    if (bench.wants(10)) {
      sizes.addAll(spreads);
    }
    if (bench.wants(11)) {
      sizes.add(migrated);
    }
    return sizes;
  }
}
