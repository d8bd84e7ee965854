package dev.dovetable.core;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * A database per test class and a pool on it, whose login is a member of authenticated and
 * service_role and nothing more. Sessions are in another time zone than the JVM.
 */
@FreshDatabase(Installed.class)
abstract class DatabaseTest {
  private static final AtomicInteger SEQUENCE = new AtomicInteger();

  static PostgresDatabase database;
  static String login;
  static HikariDataSource pool;
  static Crm crm;
  static User admin;

  @BeforeAll
  static void open(PostgresDatabase fresh) {
    database = fresh;
    login = fresh.createLogin("app", "authenticated", "service_role");
    pool = pool(24);
    crm = crm(pool);
    admin = newUser(UserRole.ADMIN);
  }

  @AfterAll
  static void close() {
    pool.close();
  }

  static HikariDataSource pool(int size) {
    return pool(login, size);
  }

  static HikariDataSource pool(String login, int size) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(database.dataSource(login));
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(0);
    return new HikariDataSource(config);
  }

  static Crm crm(javax.sql.DataSource dataSource) {
    return Crm.builder(dataSource).schema(Installed.SCHEMA).build();
  }

  static User newUser(UserRole role) {
    int n = SEQUENCE.incrementAndGet();
    return crm.users().create(new NewUser("User " + n, "user" + n + "@example.com", role));
  }

  /** An agent with a user and a prefix of its own. */
  static Agent newAgent() {
    return newAgent("agt_" + SEQUENCE.incrementAndGet());
  }

  static Agent newAgent(String prefix) {
    UUID user = newUser(UserRole.AGENT).id();
    return crm.agents().create(user, prefix, admin.id());
  }

  static TenantScope newTenant() {
    return crm.tenant(newAgent().prefix());
  }

  /** Returns once a statement waits for a lock. */
  static void awaitSomebodyWaiting() throws SQLException, InterruptedException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      for (boolean found = false; !found; Thread.sleep(10)) {
        try (ResultSet waiting =
            statement.executeQuery(
                "select from pg_stat_activity"
                    + " where wait_event_type = 'Lock' and datname = current_database()")) {
          found = waiting.next();
        }
      }
    }
  }
}
