package dev.dovetable.examples.testing;

import static dev.dovetable.testkit.CrmAssertions.assertThat;

import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.testkit.CrmDatabase;
import dev.dovetable.testkit.CrmTest;
import dev.dovetable.testkit.JdbcUrl;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What JUnit offers, with the test kit, on whichever JUnit is on the class path. */
class JunitTest {
  private static final Set<String> DATABASES = ConcurrentHashMap.newKeySet();

  @AfterAll
  static void theirDatabasesAreGone() throws SQLException {
    try (CrmDatabase other = CrmDatabase.create();
        Connection connection = other.superuser().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select datname from pg_database")) {
      Set<String> left = new HashSet<>();
      while (rows.next()) {
        left.add(rows.getString(1));
      }
      assertThat(DATABASES).hasSize(3);
      assertThat(left).isNotEmpty().doesNotContainAnyElementsOf(DATABASES);
    }
  }

  private static String name(DataSource dataSource) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      return connection.getCatalog();
    }
  }

  @CrmTest
  @Nested
  class OneDatabaseForTheClass {
    private final TenantScope ofConstructor;
    private TenantScope ofBefore;

    OneDatabaseForTheClass(TenantScope shop) {
      this.ofConstructor = shop;
    }

    @BeforeEach
    void before(TenantScope shop) {
      ofBefore = shop;
    }

    @Test
    void parametersOfATestAreOneAgent(TenantScope shop, Crm crm, JdbcUrl url) {
      assertThat(shop.prefix()).isEqualTo(ofConstructor.prefix()).isEqualTo(ofBefore.prefix());
      shop.customers().create(new NewCustomer("Ada", "12025550100"));
      assertThat(crm.asAgent(shop.prefix()).customers().count()).isOne();
      assertThat(url.value()).startsWith("jdbc:postgresql:");
    }

    @Nested
    class Inner {
      @Test
      void sharesIt(TenantScope shop, DataSource dataSource) throws SQLException {
        assertThat(shop.customers().count()).isZero();
        DATABASES.add(name(dataSource));
      }
    }
  }

  @CrmTest(database = CrmTest.Lifetime.METHOD)
  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class OneDatabaseForEachTest {
    @RepeatedTest(2)
    void isAnother(DataSource dataSource) throws SQLException {
      assertThat(DATABASES.add(name(dataSource))).isTrue();
    }
  }

  @CrmTest
  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  @Execution(ExecutionMode.CONCURRENT)
  class OneInstance {
    private TenantScope ofClass;

    @BeforeAll
    void all(TenantScope shop) {
      ofClass = shop;
    }

    @RepeatedTest(4)
    void hasAgentsOfItsOwn(TenantScope shop) {
      assertThat(shop.prefix()).isNotEqualTo(ofClass.prefix());
      shop.customers().create(new NewCustomer("Ada", "12025550100"));
      assertThat(shop.customers().count()).isOne();
    }
  }
}
