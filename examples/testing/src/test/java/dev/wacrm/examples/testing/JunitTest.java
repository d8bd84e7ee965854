package dev.wacrm.examples.testing;

import static dev.wacrm.testkit.CrmAssertions.assertThat;

import dev.wacrm.core.Crm;
import dev.wacrm.core.NewCustomer;
import dev.wacrm.core.TenantScope;
import dev.wacrm.testkit.CrmTest;
import dev.wacrm.testkit.JdbcUrl;
import java.sql.Connection;
import java.sql.SQLException;
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
      assertThat(crm.tenant(shop.prefix()).customers().count()).isOne();
      assertThat(url.value()).startsWith("jdbc:postgresql:");
    }

    @Nested
    class Inner {
      @Test
      void sharesIt(TenantScope shop, DataSource dataSource) throws SQLException {
        assertThat(shop.customers().count()).isZero();
        try (Connection connection = dataSource.getConnection()) {
          assertThat(connection.isValid(1)).isTrue();
        }
      }
    }
  }

  @CrmTest(database = CrmTest.Lifetime.METHOD)
  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class OneDatabaseForEachTest {
    private final Set<String> databases = ConcurrentHashMap.newKeySet();

    @RepeatedTest(2)
    void isAnother(DataSource dataSource) throws SQLException {
      try (Connection connection = dataSource.getConnection()) {
        assertThat(databases.add(connection.getCatalog())).isTrue();
      }
    }

    @AfterAll
    void wereTwo() {
      assertThat(databases).hasSize(2);
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
