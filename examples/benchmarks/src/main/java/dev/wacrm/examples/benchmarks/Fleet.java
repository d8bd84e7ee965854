package dev.wacrm.examples.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.wacrm.core.Agent;
import dev.wacrm.core.User;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A database whose number of agents grows. Each has a customer with a few messages. */
final class Fleet {

  /** Of every agent's only customer. */
  static final String PHONE = "12025550001";

  private static final int MESSAGES = 10;
  private static final int FILLED_AT_ONCE = 100;
  private static final int PROGRESS = 500;

  private final Bench bench;
  private final BenchmarkDatabase database;
  private final List<String> prefixes = new ArrayList<>();
  private int reserved;

  Fleet(Bench bench, BenchmarkDatabase database) {
    this.bench = bench;
    this.database = database;
  }

  BenchmarkDatabase database() {
    return database;
  }

  /** Those that stay. */
  List<String> prefixes() {
    return List.copyOf(prefixes);
  }

  void growTo(int size) throws SQLException {
    while (prefixes.size() < size) {
      fill(Math.min(size - prefixes.size(), FILLED_AT_ONCE));
      if (prefixes.size() % PROGRESS == 0) {
        bench.progress("  %s agents".formatted(Numbers.whole(prefixes.size())));
      }
    }
  }

  /**
   * Rows are inserted over a connection that is closed then. It keeps a plan for each foreign key
   * that it has checked, and walks through all of them whenever any table is made or altered: after
   * thousands of agents, that would take longer than all the rest.
   */
  private void fill(int agents) throws SQLException {
    try (HikariDataSource filling = BenchmarkDatabase.pool(database.superuserUrl(), 1)) {
      for (int i = 0; i < agents; i++) {
        String prefix = newPrefix();
        create(database.userFor(prefix), prefix);
        Sql.run(filling, Sql.of("insert_customers.sql", prefix), 1);
        Sql.run(filling, Sql.of("insert_messages.sql", prefix), 1, MESSAGES);
        prefixes.add(prefix);
      }
    }
  }

  String newPrefix() {
    return "agt_" + ++reserved;
  }

  Agent create(User user, String prefix) {
    return database.crm().agents().create(user.id(), prefix, database.admin().id());
  }
}
