package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Installed;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A Crm's statement and lock timeouts: in force in each statement, and nowhere else. */
class TimeoutsTest extends DatabaseTest {
  private static final String SHOW =
      "select current_setting('statement_timeout') || ',' || current_setting('lock_timeout')";

  @Test
  void areInForceInEachStatementAndGoneAfterIt() throws SQLException {
    Agent agent = newAgent();
    TenantScope scope = limited().asAgent(agent.prefix());

    assertThat(scope.dsl().fetchSingle(SHOW).get(0)).isEqualTo("1500ms,100ms");
    assertThat(
            scope.<Object, RuntimeException>transaction(
                inner -> inner.dsl().fetchSingle(SHOW).get(0)))
        .isEqualTo("1500ms,100ms");
    for (int i = 0; i < 5; i++) {
      try (Connection connection = pool.getConnection();
          Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(SHOW)) {
        row.next();
        assertThat(row.getString(1)).isEqualTo("0,0");
      }
    }
  }

  @Test
  void oneWithoutTheOtherLeavesTheOtherToTheServer() {
    Crm locksOnly =
        Crm.builder(pool).schema(Installed.SCHEMA).lockTimeout(Duration.ofMillis(70)).build();
    TenantScope scope = locksOnly.asAgent(newAgent().prefix());

    assertThat(scope.dsl().fetchSingle(SHOW).get(0)).isEqualTo("0,70ms");
  }

  @Test
  void waitsForLocksHaveABoundUnlessThereIsOne() throws SQLException {
    String prefix = newAgent().prefix();
    assertThat(shown(Crm.builder(pool), prefix)).isEqualTo("0,30s");
    assertThat(shown(Crm.builder(pool).statementTimeout(Duration.ofSeconds(20)), prefix))
        .isEqualTo("20s,0");
    assertThat(shown(Crm.builder(pool).statementTimeout(Duration.ofSeconds(40)), prefix))
        .isEqualTo("40s,30s");

    PGSimpleDataSource bounded = new PGSimpleDataSource();
    bounded.setUrl(database.jdbcUrl(login));
    bounded.setOptions("-c lock_timeout=5s");
    assertThat(shown(Crm.builder(bounded), prefix)).isEqualTo("0,5s");
  }

  private static Object shown(CrmBuilder builder, String prefix) {
    return builder.schema(Installed.SCHEMA).build().asAgent(prefix).dsl().fetchSingle(SHOW).get(0);
  }

  @Test
  void theHostKeepsItsOwnInItsTransaction() throws SQLException {
    Agent agent = newAgent();
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      var host = DSL.using(connection, SQLDialect.POSTGRES);
      host.execute("set local statement_timeout = '44s'");
      TenantScope scope =
          Crm.builder(host)
              .schema(Installed.SCHEMA)
              .statementTimeout(Duration.ofMillis(1500))
              .build()
              .asAgent(agent.prefix());

      assertThat(scope.dsl().fetchSingle(SHOW).get(0)).isEqualTo("1500ms,0");
      assertThat(host.fetchSingle(SHOW).get(0)).isEqualTo("44s,0");
      connection.rollback();
    }
  }

  @Test
  void aStatementThatTakesTooLongIsCancelled() {
    TenantScope scope = limited().asAgent(newAgent().prefix());

    assertThatThrownBy(() -> scope.dsl().execute("select pg_sleep(60)"))
        .isInstanceOfSatisfying(
            DatabaseException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(DatabaseException.Kind.CANCELLED);
              assertThat(e.isRetryable()).isFalse();
            })
        .hasMessageContaining("statementTimeout");
  }

  @Test
  void aLockThatIsNotGrantedIsRetryable() throws SQLException {
    TenantScope scope = limited().asAgent(newAgent().prefix());
    Customer customer = scope.customers().create(new NewCustomer("Ada", "15550100"));
    try (Connection other = pool.getConnection()) {
      other.setAutoCommit(false);
      Crm host =
          Crm.builder(DSL.using(other, SQLDialect.POSTGRES)).schema(Installed.SCHEMA).build();
      host.asAgent(scope.prefix()).customers().rename(customer.id(), "Locked");

      assertThatThrownBy(() -> scope.customers().rename(customer.id(), "Waits"))
          .isInstanceOfSatisfying(
              DatabaseException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(DatabaseException.Kind.LOCK_TIMEOUT);
                assertThat(e.isRetryable()).isTrue();
              });
      other.rollback();
    }
    assertThat(scope.customers().find(customer.id())).contains(customer);
  }

  @Test
  void badValuesAreRefusedWithTheBound() {
    CrmBuilder builder = Crm.builder(pool);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.statementTimeout(Duration.ZERO))
        .withMessageContaining("1 millisecond");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.lockTimeout(Duration.ofDays(25)))
        .withMessageContaining("PT596H31M23.647S");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                builder
                    .statementTimeout(Duration.ofSeconds(1))
                    .lockTimeout(Duration.ofSeconds(1))
                    .build())
        .withMessageContaining("shorter");
  }

  private static Crm limited() {
    return Crm.builder(pool)
        .schema(Installed.SCHEMA)
        .statementTimeout(Duration.ofMillis(1500))
        .lockTimeout(Duration.ofMillis(100))
        .build();
  }
}
