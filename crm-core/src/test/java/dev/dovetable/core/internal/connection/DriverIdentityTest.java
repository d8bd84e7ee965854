package dev.dovetable.core.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.Concurrently;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.IdentityChecks;
import dev.dovetable.core.fixture.StrictPool;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sixteen clients of sixteen agents share a few connections, in every mode of the driver. The
 * function auth.uid() here prefers the setting that older PostgREST versions made, as Supabase's
 * own does.
 */
class DriverIdentityTest extends DatabaseTest {
  private static final int CLIENTS = 16;
  private static final int CHECKS = 15;
  private static final UUID STRANGER = UUID.fromString("5eadbeef-0000-4000-8000-000000000000");

  private static final List<Agent> AGENTS = new ArrayList<>();
  private static final List<Customer> CUSTOMERS = new ArrayList<>();

  @BeforeAll
  static void preferTheLegacyClaim() throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create or replace function auth.uid() returns uuid language sql stable as $$"
              + " select case when current_setting('request.jwt.claim.sub', true) <> ''"
              + " then current_setting('request.jwt.claim.sub', true)"
              + " else nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'"
              + " end::uuid $$");
    }
  }

  @BeforeAll
  static void makeAgents() {
    for (int i = 0; i < CLIENTS; i++) {
      Agent agent = newAgent();
      AGENTS.add(agent);
      CUSTOMERS.add(crm.asAgent(agent.prefix()).customers().create(new NewCustomer("Ada", "1")));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "preferQueryMode=simple",
        "preferQueryMode=extended&prepareThreshold=0",
        "preferQueryMode=extended&prepareThreshold=1&binaryTransfer=true",
        "preferQueryMode=extended&prepareThreshold=5",
        "preferQueryMode=extendedForPrepared",
        "preferQueryMode=extendedCacheEverything&prepareThreshold=1",
        "defaultRowFetchSize=2&prepareThreshold=2",
        "autosave=always&cleanupSavepoints=true",
        "reWriteBatchedInserts=true&preparedStatementCacheQueries=1"
      })
  void nobodyRunsAsSomebodyElse(String driver) throws Exception {
    try (StrictPool strict = oddPool(driver)) {
      Crm shared = crm(strict.dataSource());
      Concurrently.run(
          CLIENTS,
          client -> {
            IdentityChecks checks = checks(shared, client);
            Random random = new Random(client);
            for (int i = 0; i < CHECKS; i++) {
              checks.runOne(random);
            }
            checks.assertAllWrittenByMe();
            return null;
          });
      strict.assertAllBackAsTheyCame();
    }
  }

  /** With claims on the session, an actor without a user would be taken for whoever they name. */
  @Test
  void claimsOfTheSessionNeverCount() throws Exception {
    Agent agent = AGENTS.get(0);
    Connection marked = connect("prepareThreshold=1");
    claimToBe(marked, agent.userId().orElseThrow());
    try (StrictPool strict = new StrictPool()) {
      strict.add(marked);
      Crm crm = crm(strict.dataSource());
      String ask =
          "select current_setting('role') || ' ' || coalesce(auth.uid()::text, 'nobody')"
              + " || ' ' || coalesce(auth.role(), 'none')";
      for (int i = 0; i < 3; i++) {
        assertThat(crm.asService().tenant(agent.prefix()).dsl().fetchValue(ask))
            .isEqualTo("service_role nobody service_role");
        TenantScope stranger = crm.as(Actor.user(STRANGER)).tenant(agent.prefix());
        assertThat(stranger.dsl().fetchValue(ask))
            .isEqualTo("authenticated " + STRANGER + " authenticated");
        assertThat(stranger.customers().list(PageRequest.first(9)).items()).isEmpty();
        assertThat(stranger.<Integer, RuntimeException>transaction(tx -> count(tx))).isZero();
      }
      strict.assertAllBackAsTheyCame();
    }
  }

  private static int count(TenantScope scope) {
    return scope.dsl().fetchCount(scope.tables().customers());
  }

  private IdentityChecks checks(Crm shared, int client) {
    Agent agent = AGENTS.get(client);
    String neighbour = AGENTS.get((client + 1) % CLIENTS).prefix();
    return new IdentityChecks(
        shared,
        agent.prefix(),
        agent.userId().orElseThrow(),
        CUSTOMERS.get(client).id(),
        shared.asAgent(neighbour).tables());
  }

  /** Each connection comes in another state, and has to go back in it. */
  private static StrictPool oddPool(String driver) throws SQLException {
    StrictPool strict = new StrictPool();
    strict.add(connect(driver));

    Connection manual = connect(driver);
    manual.setAutoCommit(false);
    strict.add(manual);

    Connection marked = connect(driver);
    claimToBe(marked, STRANGER);
    strict.add(marked);

    Connection repeatable = connect(driver);
    repeatable.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try (Statement statement = repeatable.createStatement()) {
      statement.execute("set role service_role");
    }
    strict.add(repeatable);
    return strict;
  }

  private static void claimToBe(Connection connection, UUID user) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          ("select set_config('request.jwt.claim.sub', '%1$s', false),"
                  + " set_config('request.jwt.claim.role', 'service_role', false),"
                  + " set_config('request.jwt.claims', '{\"sub\": \"%1$s\"}', false)")
              .formatted(user));
    }
  }

  private static Connection connect(String driver) throws SQLException {
    return DriverManager.getConnection(database.jdbcUrl(login) + "&" + driver);
  }
}
