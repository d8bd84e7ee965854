package dev.dovetable.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.customers.NewCustomer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

class CrmTestTest {
  /** What the test classes below were given, by where. */
  private static final Map<String, String> SEEN = new ConcurrentHashMap<>();

  @BeforeEach
  void forget() {
    SEEN.clear();
  }

  @Test
  void classAndNestedClassesShareADatabaseAndEachTestHasAgents() {
    succeed(3, Everywhere.class);
    assertThat(Set.copyOf(databases())).hasSize(1);
    assertThat(SEEN.get("first")).startsWith("agt_").endsWith("_1");
    assertThat(SEEN.get("first, second agent")).startsWith("agt_").endsWith("_2");
    assertThat(SEEN.get("second")).endsWith("_1").isNotEqualTo(SEEN.get("first"));
    assertThat(SEEN.get("all")).isNotEqualTo(SEEN.get("first")).isNotEqualTo(SEEN.get("second"));
  }

  @Test
  void prefixesAreTheSameInEveryRun() {
    succeed(3, Everywhere.class);
    String first = SEEN.get("first");
    succeed(3, Everywhere.class);
    assertThat(SEEN.get("first")).isEqualTo(first);
  }

  @Test
  void databaseIsDroppedAfterTheClass() throws SQLException {
    succeed(3, Everywhere.class);
    try (CrmDatabase other = CrmDatabase.create()) {
      assertThat(Query.strings(other.superuser(), "select datname from pg_database"))
          .isNotEmpty()
          .doesNotContainAnyElementsOf(databases());
    }
  }

  @Test
  void eachTestHasADatabaseIfAskedTo() {
    succeed(3, PerMethod.class);
    assertThat(Set.copyOf(databases())).hasSize(3);
  }

  @Test
  void classWithoutDatabaseIsToldSo() {
    Events tests = run(PerMethodButEarlier.class);
    assertThat(tests.failed().stream().toList())
        .first()
        .extracting(event -> event.getRequiredPayload(TestExecutionResult.class))
        .extracting(result -> result.getThrowable().orElseThrow().getMessage())
        .asString()
        .contains("@CrmTest(database = METHOD)");
  }

  @Test
  void oneInstanceForAllTestsGetsItInTheConstructor() {
    succeed(2, OneInstance.class);
    assertThat(Set.copyOf(databases())).hasSize(1);
  }

  @Test
  void testsInParallelHaveAgentsOfTheirOwn() {
    succeed(8, Parallel.class);
    assertThat(SEEN.values().stream().distinct()).hasSize(8);
  }

  @Test
  void otherSchema() {
    succeed(1, OtherSchema.class);
  }

  private static Set<String> databases() {
    return Set.copyOf(
        SEEN.entrySet().stream()
            .filter(entry -> entry.getKey().endsWith("database"))
            .map(Map.Entry::getValue)
            .toList());
  }

  private static void succeed(int tests, Class<?> testClass) {
    Events events = run(testClass);
    assertThat(
            events.failed().stream()
                .map(event -> event.getRequiredPayload(TestExecutionResult.class)))
        .isEmpty();
    assertThat(events.succeeded().filter(event -> event.getTestDescriptor().isTest()))
        .hasSize(tests);
  }

  static Events run(Class<?> testClass) {
    return EngineTestKit.engine("junit-jupiter")
        .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
        .configurationParameter(
            "junit.jupiter.execution.parallel.config.executor-service", "WORKER_THREAD_POOL")
        .selectors(selectClass(testClass))
        .execute()
        .allEvents();
  }

  private static String name(DataSource dataSource) throws SQLException {
    return Query.string(dataSource, "select current_database()");
  }

  @CrmTest
  static class Everywhere {
    private final TenantScope ofConstructor;
    private TenantScope ofBefore;

    Everywhere(TenantScope shop) {
      this.ofConstructor = shop;
    }

    @BeforeAll
    static void all(DataSource dataSource, TenantScope shop) throws SQLException {
      SEEN.put("all database", name(dataSource));
      SEEN.put("all", shop.prefix());
    }

    @BeforeEach
    void before(TenantScope shop) {
      ofBefore = shop;
    }

    @Test
    void first(Crm crm, TenantScope shop, DataSource dataSource, TenantScope other, JdbcUrl url)
        throws SQLException {
      SEEN.put("first", shop.prefix());
      SEEN.put("first, second agent", other.prefix());
      SEEN.put("first database", name(dataSource));
      assertThat(ofConstructor.prefix()).isEqualTo(shop.prefix());
      assertThat(ofBefore.prefix()).isEqualTo(shop.prefix());
      shop.customers().create(new NewCustomer("Ada", "12025550100"));
      assertThat(crm.asService().tenant(shop.prefix()).customers().count()).isOne();
      assertThat(crm.asAgent(other.prefix()).customers().count()).isZero();
      try (Connection connection = DriverManager.getConnection(url.value())) {
        assertThat(connection.getCatalog()).isEqualTo(name(dataSource));
      }
    }

    @Test
    void second(CrmDatabase database) throws SQLException {
      SEEN.put("second", ofBefore.prefix());
      SEEN.put("second database", name(database.dataSource()));
      assertThat(
              Query.string(
                  database.dataSource(),
                  "select rolsuper || ' ' || rolbypassrls from pg_roles where rolname = session_user"))
          .isEqualTo("false false");
    }

    @Nested
    class Inner {
      @Test
      void third(DataSource dataSource) throws SQLException {
        SEEN.put("third database", name(dataSource));
      }
    }
  }

  @CrmTest(database = CrmTest.Lifetime.METHOD)
  static class PerMethod {
    private final DataSource ofConstructor;

    PerMethod(DataSource dataSource) {
      this.ofConstructor = dataSource;
    }

    @Test
    void first(DataSource dataSource) throws SQLException {
      assertThat(dataSource).isSameAs(ofConstructor);
      SEEN.put("first database", name(dataSource));
    }

    @Test
    void second(DataSource dataSource) throws SQLException {
      SEEN.put("second database", name(dataSource));
    }

    @Nested
    class Inner {
      @Test
      void third(DataSource dataSource) throws SQLException {
        SEEN.put("third database", name(dataSource));
      }
    }
  }

  @CrmTest(database = CrmTest.Lifetime.METHOD)
  static class PerMethodButEarlier {
    @BeforeAll
    static void all(DataSource dataSource) {}

    @Test
    void nothing() {}
  }

  @CrmTest
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class OneInstance {
    private final TenantScope ofClass;

    OneInstance(TenantScope shop, DataSource dataSource) throws SQLException {
      this.ofClass = shop;
      SEEN.put("constructor database", name(dataSource));
    }

    @Test
    void first(TenantScope shop, DataSource dataSource) throws SQLException {
      assertThat(shop.prefix()).isNotEqualTo(ofClass.prefix());
      SEEN.put("first database", name(dataSource));
    }

    @Test
    void second(DataSource dataSource) throws SQLException {
      SEEN.put("second database", name(dataSource));
    }
  }

  @CrmTest
  @Execution(ExecutionMode.CONCURRENT)
  static class Parallel {
    @RepeatedTest(8)
    void test(TenantScope shop) {
      SEEN.put(shop.prefix(), shop.prefix());
      shop.customers().create(new NewCustomer("Ada", "12025550100"));
      assertThat(shop.customers().count()).isOne();
    }
  }

  @CrmTest(schema = "shop data")
  static class OtherSchema {
    @Test
    void test(TenantScope shop, CrmDatabase database) {
      assertThat(database.schema()).isEqualTo("shop data");
      assertThat(database.agent("agt_b").withCustomers(2).scope().customers().count()).isEqualTo(2);
      assertThat(shop.customers().count()).isZero();
    }
  }
}
