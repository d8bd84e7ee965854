package dev.dovetable.examples.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.core.Crm;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.users.User;
import dev.dovetable.examples.benchmarks.report.Numbers;
import dev.dovetable.examples.benchmarks.server.BenchmarkDatabase;
import dev.dovetable.examples.benchmarks.server.Sql;
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
   * Over connections that are closed then. One that has made tables keeps what it knows of them and
   * goes through all that at the end of each transaction in which it makes or drops some; one that
   * has checked foreign keys keeps a plan for each, and goes through these whenever any table is
   * made or altered. After thousands of agents, that would take longer than all the rest, and what
   * is measured over such a connection would be that.
   */
  private void fill(int agents) throws SQLException {
    try (HikariDataSource making = BenchmarkDatabase.pool(database.url(), 1);
        HikariDataSource filling = BenchmarkDatabase.pool(database.superuserUrl(), 1)) {
      Crm crm = Crm.create(making);
      for (int i = 0; i < agents; i++) {
        String prefix = newPrefix();
        crm.asService()
            .agents()
            .create(database.userFor(prefix).id(), prefix, database.admin().id());
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
    return database.crm().asService().agents().create(user.id(), prefix, database.admin().id());
  }
}
