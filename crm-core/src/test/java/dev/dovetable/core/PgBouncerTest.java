package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.Concurrently;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.HostileSql;
import dev.dovetable.core.fixture.IdentityChecks;
import dev.dovetable.core.fixture.PgBouncer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Sixteen clients of sixteen agents behind PgBouncer, which gives each transaction one of two
 * sessions: whatever one leaves on it, another one finds. Runs in the profile {@code pgbouncer}.
 */
@Tag("pgbouncer")
class PgBouncerTest extends DatabaseTest {
  private static final int CLIENTS = 16;
  private static final int SERVER_CONNECTIONS = 2;
  private static final int CHECKS = 60;

  /** One in so many statements wants to be somebody else. */
  private static final int HOSTILE = 10;

  private static PgBouncer bouncer;

  @BeforeAll
  static void start() throws Exception {
    bouncer = new PgBouncer(database.server().port(), database.name(), login, SERVER_CONNECTIONS);
  }

  @AfterAll
  static void stop() throws Exception {
    bouncer.close();
  }

  @Test
  void nobodyRunsAsSomebodyElse() throws Exception {
    List<Agent> agents = new ArrayList<>();
    List<Customer> customers = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Agent agent = newAgent();
      agents.add(agent);
      customers.add(crm.asAgent(agent.prefix()).customers().create(new NewCustomer("Ada", "1")));
    }
    Set<Integer> sessions = ConcurrentHashMap.newKeySet();
    List<String> hostile = HostileSql.all().toList();
    try (HikariDataSource pooled = bouncedPool()) {
      Crm bounced = crm(pooled);
      Concurrently.run(
          CLIENTS,
          client -> {
            Agent agent = agents.get(client);
            String neighbour = agents.get((client + 1) % CLIENTS).prefix();
            IdentityChecks checks =
                new IdentityChecks(
                    bounced,
                    agent.prefix(),
                    agent.userId().orElseThrow(),
                    customers.get(client).id(),
                    bounced.asAgent(neighbour).tables());
            TenantScope scope = bounced.asAgent(agent.prefix());
            Random random = new Random(client);
            for (int i = 0; i < CHECKS; i++) {
              if (random.nextInt(HOSTILE) == 0) {
                String sql = hostile.get(random.nextInt(hostile.size()));
                catchThrowable(() -> scope.dsl().execute(sql));
                catchThrowable(() -> scope.transaction(tx -> tx.dsl().execute(sql)));
              }
              checks.runOne(random);
              sessions.add((Integer) scope.dsl().fetchValue("select pg_backend_pid()"));
            }
            checks.assertAllWrittenByMe();
            return null;
          });
    }
    assertThat(sessions).as("sessions that the clients shared").hasSize(SERVER_CONNECTIONS);
    assertNothingIsLeftOnTheSessions();
  }

  /** Both sessions at once, each held by a transaction. */
  private static void assertNothingIsLeftOnTheSessions() throws SQLException {
    Set<Integer> seen = ConcurrentHashMap.newKeySet();
    Map<String, String> fresh;
    try (Connection connection = database.dataSource(login).getConnection()) {
      fresh = HostileSql.state(connection);
    }
    try (Connection one = DriverManager.getConnection(url());
        Connection two = DriverManager.getConnection(url())) {
      for (Connection connection : List.of(one, two)) {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement();
            ResultSet row = statement.executeQuery("select pg_backend_pid(), current_user")) {
          row.next();
          seen.add(row.getInt(1));
          assertThat(row.getString(2)).isEqualTo(login);
        }
        assertThat(HostileSql.state(connection)).isEqualTo(fresh);
      }
    }
    assertThat(seen).hasSize(SERVER_CONNECTIONS);
  }

  private static HikariDataSource bouncedPool() {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url());
    config.setMaximumPoolSize(CLIENTS);
    return new HikariDataSource(config);
  }

  /** A statement prepared on one session is unknown to the other one: the driver must not. */
  private static String url() {
    return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s&prepareThreshold=0&sslmode=disable"
        .formatted(bouncer.port(), database.name(), login);
  }
}
