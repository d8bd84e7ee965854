package dev.dovetable.testkit;

import static dev.dovetable.testkit.CrmAssertions.assertThat;
import static dev.dovetable.testkit.CrmAssertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.testkit.server.wire.OneConnection;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

/** What the guard finds, and what it must not take for a fault. */
@CrmTest(guard = false)
class WatchTest {
  private static TenantScope a;
  private static TenantScope b;

  private final CrmDatabase database;
  private Watch watch;

  WatchTest(CrmDatabase database) {
    this.database = database;
  }

  @BeforeAll
  static void makeAgents(CrmDatabase database) {
    a = database.agent("agt_a").withCustomers(3).withMessages(5).withOrders(2).scope();
    b = database.agent("agt_b").withCustomers(3).withMessages(5).withOrders(2).scope();
  }

  @BeforeEach
  void begin() {
    watch = database.watch();
  }

  @AfterEach
  void nothingIsLeftForTheNextOne() {
    database.watch().close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "insert into agt_b_messages (customer_id, message, direction)"
            + " select id, 'x', 'inbound' from agt_b_customers limit 1",
        "update agt_b_orders set notes = notes where id = (select min(id) from agt_b_orders)",
        "delete from agt_b_orders_items where id = (select min(id) from agt_b_orders_items)",
        "truncate agt_b_messages"
      })
  void rowsOfAnAgentThatWasNotTouched(String sql) throws SQLException {
    Query.run(database.superuser(), sql);
    String table = sql.replaceAll("(?s).*?(agt_b_[a-z_]+).*", "$1");
    assertThatThrownBy(watch::close)
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll(
            "The block left behind", "changes in " + table, "no scope of agent agt_b was used")
        .hasMessageNotContaining("agt_a_");
  }

  @Test
  void theServiceInTheWrongTables() {
    database
        .asService()
        .tenant("agt_a")
        .dsl()
        .update(b.tables().customers())
        .set(b.tables().customers().NAME, "Eve")
        .execute();
    assertThatThrownBy(watch::close)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("changes in agt_b_customers")
        .hasMessageContaining("other rows than before, 3 as before");
  }

  @Test
  void agentThatIsGone() {
    AgentFixture gone;
    watch.close();
    gone = database.agent("agt_gone");
    watch = database.watch();
    database.crm().asService().agents().delete(gone.agent().id());
    assertThatThrownBy(watch::close)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("agt_gone_customers")
        .hasMessageContaining("the table is gone");
  }

  @Test
  void whatScopesAndFixturesDoIsWanted() throws SQLException {
    a.customers().create(new NewCustomer("Ada", "12025550100"));
    database.asService().tenant("agt_b").customers().create(new NewCustomer("Bo", "12025550101"));
    AgentFixture made = database.agent("agt_made").withCustomers(2);
    made.scope().customers().create(new NewCustomer("Cy", "12025550102"));
    Query.run(database.superuser(), "delete from agt_made_customers");
    watch.close();
  }

  @Test
  void scopeOverAConnectionOfTheApplicationsOwnPoolIsATouch() throws SQLException {
    try (Connection connection = DriverManager.getConnection(database.jdbcUrl().value())) {
      dev.dovetable.core.Crm.create(OneConnection.of(connection))
          .asAgent("agt_b")
          .customers()
          .create(new NewCustomer("Di", "12025550103"));
    }
    watch.close();
  }

  @Test
  void whatWasRolledBackIsNoChange() {
    assertThatThrownBy(
            () ->
                database
                    .asService()
                    .tenant("agt_a")
                    .transaction(
                        tx -> {
                          tx.dsl().deleteFrom(b.tables().messages()).execute();
                          throw new IllegalStateException();
                        }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(a).cannotSee(b);
    watch.close();
  }

  @Test
  void connectionLeftOpen() throws SQLException {
    Connection connection = database.dataSource().getConnection();
    assertThatThrownBy(watch::close)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("a connection that is still open")
        .satisfies(
            e -> assertThat(e.getSuppressed()[0]).hasStackTraceContaining("connectionLeftOpen"));
    assertThat(connection.isClosed()).isTrue();
    connection.close();
  }

  @Test
  void connectionOfSomebodyLeftOpen() throws SQLException {
    Connection connection = database.connect(Actor.anonymous());
    assertThatThrownBy(watch::close).hasMessageContaining("a connection that is still open");
    assertThat(connection.isClosed()).isTrue();
  }

  @Test
  void connectionClosedInATransaction() throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      Query.strings(connection, "select 1");
    }
    assertThatThrownBy(watch::close).hasMessageContaining("closed in the middle of a transaction");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "set role service_role",
        "select set_config('request.jwt.claims', '{\"role\":\"anon\"}', false)"
      })
  void connectionWithForeignState(String sql) throws SQLException {
    Query.run(database.dataSource(), sql);
    assertThatThrownBy(watch::close)
        .isInstanceOf(AssertionError.class)
        .hasMessageMatching("(?s).*(acts as service_role|somebody's claims).*");
    assertThat(Query.string(database.dataSource(), "select current_setting('role')"))
        .isEqualTo("none");
  }

  @Test
  void sessionOfAnotherPoolInATransaction() throws SQLException {
    try (Connection connection = DriverManager.getConnection(database.jdbcUrl().value());
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("select 1");
      assertThatThrownBy(watch::close)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("a session of app_")
          .hasMessageContaining("is in a transaction");
      assertThatThrownBy(() -> statement.execute("select 1")).isInstanceOf(SQLException.class);
    }
  }

  @Test
  void overlappingWatchesAreJudgedTogether() throws SQLException {
    Watch second = database.watch("Another test");
    Connection connection = database.dataSource().getConnection();
    watch.close();
    assertThatThrownBy(second::close).hasMessageContaining("Another test, The block left behind");
    assertThat(connection.isClosed()).isTrue();
  }

  @Test
  void testsAreGuardedUnlessTheyAreNot() {
    watch.close();
    List<String> failures =
        List.of(Guarded.class, Unguarded.class).stream()
            .flatMap(
                type ->
                    EngineTestKit.engine("junit-jupiter")
                        .selectors(selectClass(type))
                        .execute()
                        .testEvents()
                        .failed()
                        .stream())
            .map(event -> event.getRequiredPayload(TestExecutionResult.class))
            .map(result -> result.getThrowable().orElseThrow().getMessage())
            .toList();
    assertThat(failures)
        .singleElement()
        .asString()
        .startsWith("The test second(")
        .containsPattern("changes in agt_[0-9a-f]{8}_1_customers");
  }

  @Test
  void testsInParallelDoNotAccuseEachOther() {
    watch.close();
    EngineTestKit.engine("junit-jupiter")
        .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
        .configurationParameter(
            "junit.jupiter.execution.parallel.config.executor-service", "WORKER_THREAD_POOL")
        .selectors(selectClass(Parallel.class))
        .execute()
        .testEvents()
        .assertStatistics(statistics -> statistics.succeeded(12).failed(0));
  }

  /** The second test writes into the agent of the first one. */
  @CrmTest
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class Guarded {
    private static String first;

    @Test
    @Order(1)
    void first(TenantScope shop) {
      first = shop.prefix();
      shop.customers().create(new NewCustomer("Ada", "12025550100"));
    }

    @Test
    @Order(2)
    void second(DataSource dataSource) throws SQLException {
      Query.run(
          dataSource, "set role service_role", "delete from " + first + "_customers", "reset role");
    }
  }

  @CrmTest(guard = false)
  static class Unguarded {
    @Test
    void leavesAConnectionOpen(DataSource dataSource) throws SQLException {
      assertThat(dataSource.getConnection().isClosed()).isFalse();
    }
  }

  @CrmTest
  @Execution(ExecutionMode.CONCURRENT)
  static class Parallel {
    @RepeatedTest(12)
    void test(TenantScope shop) {
      for (int i = 0; i < 10; i++) {
        shop.customers().create(new NewCustomer("Ada", "12025550100"));
      }
      assertThat(shop.customers().count()).isEqualTo(10);
    }
  }
}
