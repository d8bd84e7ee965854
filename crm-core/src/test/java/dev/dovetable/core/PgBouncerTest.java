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
import dev.dovetable.testkit.server.wire.WireTap;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Sixteen clients of sixteen agents behind PgBouncer, which gives each transaction one of four
 * sessions: whatever one leaves on it, another one finds. Runs in the profile {@code pgbouncer};
 * {@code -Dcrm.test.statements=1000000} says how many statements it sends.
 */
@Tag("pgbouncer")
class PgBouncerTest extends DatabaseTest {
  private static final int CLIENTS = 16;
  private static final int SERVER_CONNECTIONS = 4;

  /** Texts that are sent and answered, each one transaction or a part of one. */
  private static final int STATEMENTS =
      Integer.getInteger(
          "crm.test.statements",
          "long".equals(System.getProperty("crm.test.form")) ? 200_000 : 20_000);

  /** One in so many statements wants to be somebody else. */
  private static final int HOSTILE = 10;

  /** What stays on a session: names that would be found ahead of others', and plans. */
  private static final List<String> LEFTOVERS =
      List.of(
          "create temp table agents (agent_prefix text)",
          "create temp table whatsapp_configuration (id int)",
          "create temp view users as select 'mine' as name",
          "create function pg_temp.uid() returns uuid language sql as 'select null::uuid'",
          "prepare s_1 as select 'mine'",
          "declare c_1 cursor with hold for select 'mine'",
          "deallocate all",
          "listen crm",
          "reset all",
          "reset role",
          "set session authorization default");

  private static PgBouncer bouncer;
  private static WireTap tap;

  @BeforeAll
  static void start() throws Exception {
    bouncer = new PgBouncer(database.server().port(), database.name(), login, SERVER_CONNECTIONS);
    tap = WireTap.open("localhost", bouncer.port());
  }

  @AfterAll
  static void stop() throws Exception {
    tap.close();
    bouncer.close();
  }

  @Test
  @Timeout(value = 6, unit = TimeUnit.HOURS)
  void nobodyRunsAsSomebodyElse() throws Exception {
    List<Agent> agents = new ArrayList<>();
    List<Customer> customers = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Agent agent = newAgent();
      agents.add(agent);
      customers.add(crm.asAgent(agent.prefix()).customers().create(new NewCustomer("Ada", "1")));
    }
    Set<Integer> sessions = ConcurrentHashMap.newKeySet();
    List<String> hostile = Stream.concat(HostileSql.all(), LEFTOVERS.stream()).toList();
    AtomicInteger statements = new AtomicInteger();
    tap.add(
        new WireTap.Listener() {
          @Override
          public void roundTrip() {
            statements.incrementAndGet();
          }
        });
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
            while (statements.get() < STATEMENTS) {
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
    System.out.printf(
        "%d statements of %d clients over %d sessions: nobody ran as somebody else%n",
        statements.get(), CLIENTS, SERVER_CONNECTIONS);
    assertThat(sessions).as("sessions that the clients shared").hasSize(SERVER_CONNECTIONS);
    assertNothingIsLeftOnTheSessions();
  }

  /** All sessions at once, each held by a transaction. */
  private static void assertNothingIsLeftOnTheSessions() throws SQLException {
    Set<Integer> seen = new HashSet<>();
    Map<String, String> fresh;
    try (Connection connection = database.dataSource(login).getConnection()) {
      fresh = HostileSql.state(connection);
    }
    List<Connection> held = new ArrayList<>();
    try {
      for (int i = 0; i < SERVER_CONNECTIONS; i++) {
        Connection connection = DriverManager.getConnection(url());
        held.add(connection);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement();
            ResultSet row = statement.executeQuery("select pg_backend_pid(), current_user")) {
          row.next();
          seen.add(row.getInt(1));
          assertThat(row.getString(2)).isEqualTo(login);
        }
        assertThat(HostileSql.state(connection)).isEqualTo(fresh);
      }
    } finally {
      for (Connection connection : held) {
        connection.close();
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
        .formatted(tap.port(), database.name(), login);
  }
}
