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

  /**
   * Rows are inserted over a connection that is closed then. It keeps a plan for each foreign key
   * that it has checked, and walks through all of them whenever a table is altered: measured over
   * it, every statement that makes or drops a table would be slower by that.
   */
  void growTo(int size) throws SQLException {
    try (HikariDataSource filling = BenchmarkDatabase.pool(database.superuserUrl(), 1)) {
      while (prefixes.size() < size) {
        String prefix = newPrefix();
        create(database.userFor(prefix), prefix);
        Sql.run(filling, Sql.of("insert_customers.sql", prefix), 1);
        Sql.run(filling, Sql.of("insert_messages.sql", prefix), 1, MESSAGES);
        prefixes.add(prefix);
        if (prefixes.size() % PROGRESS == 0) {
          bench.progress("  %s agents".formatted(Numbers.whole(prefixes.size())));
        }
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
