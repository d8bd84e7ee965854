package dev.dovetable.examples.benchmarks;

import dev.dovetable.core.users.User;
import dev.dovetable.examples.benchmarks.report.Figure;
import dev.dovetable.examples.benchmarks.report.Numbers;
import dev.dovetable.examples.benchmarks.report.Plot;
import dev.dovetable.examples.benchmarks.report.Results;
import dev.dovetable.examples.benchmarks.report.Samples;
import dev.dovetable.examples.benchmarks.report.Target;
import dev.dovetable.examples.benchmarks.server.BenchmarkDatabase;
import dev.dovetable.examples.benchmarks.server.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows 8 and 9: one more agent, and one less, among so many. */
final class AgentLifecycle {

  private static final String CREATE = "create_agent";
  private static final String CREATE_BY_HAND = "the same DDL as one string";
  private static final String DELETE = "delete_agent";
  private static final String DROP = "DROP of the four tables";
  private static final int WARM_UPS = 2;
  private static final int LOCKS = 300;

  private final Bench bench;
  private final Fleet fleet;
  private final BenchmarkDatabase database;
  private final List<Integer> sizes = new ArrayList<>();
  private final Map<String, List<Double>> medians = new LinkedHashMap<>();

  /** Agents that are there to be deleted. */
  private final Deque<Long> made = new ArrayDeque<>();

  private final Deque<Long> madeByHand = new ArrayDeque<>();
  private final Deque<String> prefixesByHand = new ArrayDeque<>();

  AgentLifecycle(Bench bench, Fleet fleet) {
    this.bench = bench;
    this.fleet = fleet;
    this.database = fleet.database();
  }

  void measure(int agents, Results results) throws Exception {
    int rounds = bench.size().count("lifecycle.rounds");
    Map<String, Samples.Task> creations =
        Map.of(CREATE, this::create, CREATE_BY_HAND, this::createByHand);
    Samples.collect(WARM_UPS, creations);
    Samples created = Samples.collect(rounds, creations);
    Map<String, Samples.Task> deletions = Map.of(DELETE, this::delete, DROP, this::drop);
    Samples.collect(WARM_UPS, deletions);
    Samples deleted = Samples.collect(rounds, deletions);
    long locks = locksOfDeletion();
    removeRowsWithoutTables();

    sizes.add(agents);
    note(created, CREATE, CREATE_BY_HAND);
    note(deleted, DELETE, DROP);
    String among = " among %s agents".formatted(Numbers.whole(agents));
    if (bench.wants(8)) {
      results.add(
          Figure.of(
              8,
              "create an agent" + among,
              created,
              CREATE,
              "ms",
              CREATE_BY_HAND,
              Target.ratioAtMost(1.3)));
    }
    if (bench.wants(9)) {
      results.add(
          Figure.of(
              9, "delete an agent" + among, deleted, DELETE, "ms", DROP, Target.ratioAtMost(2)));
      results.add(
          Figure.of(
              9,
              "locks held to delete an agent" + among,
              locks,
              "locks",
              Target.below(LOCKS, "locks")));
    }
  }

  void plot(Results results) {
    if (sizes.isEmpty()) {
      return;
    }
    if (bench.wants(8)) {
      results.add(plot("create-agent", "Creating an agent", CREATE, CREATE_BY_HAND));
    }
    if (bench.wants(9)) {
      results.add(plot("delete-agent", "Deleting an agent", DELETE, DROP));
    }
  }

  private Plot plot(String file, String title, String name, String reference) {
    Map<String, List<Double>> lines = new LinkedHashMap<>();
    for (String line : List.of(name, reference)) {
      lines.put(line, medians.getOrDefault(line, List.of()));
    }
    return new Plot(file, title, "agents", "milliseconds", false, List.copyOf(sizes), lines);
  }

  private void note(Samples samples, String... names) {
    for (String name : names) {
      medians.computeIfAbsent(name, none -> new ArrayList<>()).add(samples.median(name));
    }
  }

  private double create() throws Exception {
    String prefix = fleet.newPrefix();
    User user = database.userFor(prefix);
    return Samples.milliseconds(() -> made.add(fleet.create(user, prefix).id()));
  }

  private double createByHand() throws Exception {
    String prefix = fleet.newPrefix();
    database.userFor(prefix);
    try (Connection connection = database.superuser().getConnection()) {
      String id = Sql.text(connection, Sql.of("next_agent_id.sql"));
      String ddl = Sql.of("create_agent_by_hand.sql", prefix).replace("{agent_id}", id);
      double milliseconds = Samples.milliseconds(() -> Sql.run(connection, ddl));
      madeByHand.add(Long.valueOf(id));
      prefixesByHand.add(prefix);
      return milliseconds;
    }
  }

  private double delete() throws Exception {
    long id = made.remove();
    return Samples.milliseconds(() -> database.crm().asService().agents().delete(id));
  }

  private double drop() throws Exception {
    String sql = Sql.of("drop_tables.sql", prefixesByHand.remove());
    try (Connection connection = database.superuser().getConnection()) {
      return Samples.milliseconds(() -> Sql.run(connection, sql));
    }
  }

  private long locksOfDeletion() throws Exception {
    create();
    try (Connection connection = database.superuser().getConnection()) {
      connection.setAutoCommit(false);
      try (PreparedStatement delete = connection.prepareStatement(Sql.of("delete_agent.sql"))) {
        delete.setLong(1, made.remove());
        delete.execute();
        return Long.parseLong(Sql.text(connection, Sql.of("count_locks.sql")));
      } finally {
        connection.commit();
        connection.setAutoCommit(true);
      }
    }
  }

  private void removeRowsWithoutTables() throws SQLException {
    while (!madeByHand.isEmpty()) {
      database.crm().asService().agents().delete(madeByHand.remove());
    }
  }
}
