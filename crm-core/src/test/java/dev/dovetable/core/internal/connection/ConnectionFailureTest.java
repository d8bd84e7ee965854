package dev.dovetable.core.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.DatabaseException.Kind;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Thrown;
import dev.dovetable.core.internal.sql.SqlErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Servers, logins and pools that give no connection, or one that breaks. */
class ConnectionFailureTest extends DatabaseTest {
  private static final PageRequest ONE = PageRequest.first(1);

  @Test
  void unreachableServerIsRetryable() {
    PGSimpleDataSource nowhere = new PGSimpleDataSource();
    nowhere.setServerNames(new String[] {"localhost"});
    nowhere.setPortNumbers(new int[] {1});
    assertThatThrownBy(() -> Crm.create(nowhere).asService().users().list(ONE))
        .isInstanceOfSatisfying(
            DatabaseException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE);
              assertThat(e.isRetryable()).isTrue();
              assertThat(e.sqlState()).contains("08001");
            });
  }

  @Test
  void unknownLoginAndDatabaseAreToldFromAnUnreachableServer() {
    for (var wrong : new javax.sql.DataSource[] {database.dataSource("nobody_here")}) {
      Thrown.database(Kind.LOGIN_REFUSED, () -> Crm.create(wrong).asService().users().list(ONE));
    }
    PGSimpleDataSource missing = new PGSimpleDataSource();
    missing.setUrl(database.jdbcUrl(login).replace(database.name() + "?", "no_such_db?"));
    Thrown.database(Kind.LOGIN_REFUSED, () -> Crm.create(missing).asService().users().list(ONE));
  }

  @Test
  void usedUpPoolIsRetryable() throws SQLException {
    HikariConfig config = new HikariConfig();
    config.setDataSource(database.dataSource(login));
    config.setMaximumPoolSize(1);
    config.setConnectionTimeout(250);
    try (HikariDataSource small = new HikariDataSource(config);
        Connection taken = small.getConnection()) {
      assertThat(taken.isClosed()).isFalse();
      assertThatThrownBy(() -> crm(small).asService().users().list(ONE))
          .isInstanceOfSatisfying(
              DatabaseException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(Kind.NO_CONNECTION);
                assertThat(e.isRetryable()).isTrue();
                assertThat(e)
                    .hasMessageContaining("pool is used up")
                    .hasMessageContaining("request timed out");
              });
    }
  }

  @Test
  void interruptedThreadIsNotToldToTryAgain() throws SQLException {
    try (HikariDataSource small = pool(1);
        Connection taken = small.getConnection()) {
      assertThat(taken.isClosed()).isFalse();
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> crm(small).asService().users().list(ONE))
          .isInstanceOfSatisfying(
              DatabaseException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(Kind.CANCELLED);
                assertThat(e.isRetryable()).isFalse();
                assertThat(e).hasMessageContaining("interrupted");
              });
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void failureOfTheDriversOwnHasNoEmptyState() {
    assertThat(SqlErrors.translate(new SQLException("closed"), "agent shop"))
        .hasMessageContaining("agent shop. The cause")
        .hasMessageNotContaining("SQLSTATE");
  }

  @Test
  void connectionThatIsKilledIsReplaced() throws SQLException {
    TenantScope tenant = newTenant();
    try (HikariDataSource one = pool(1)) {
      TenantScope scope = crm(one).asAgent(tenant.prefix());
      scope.agentId();
      assertThatThrownBy(
              () ->
                  scope.transaction(
                      tx -> {
                        Object pid = tx.dsl().fetchValue("select pg_backend_pid()");
                        superuser("select pg_terminate_backend(" + pid + ", 5000)");
                        return tx.customers().create(new NewCustomer("Ada", "1"));
                      }))
          .isInstanceOfSatisfying(
              DatabaseException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE));
      assertThat(scope.customers().list(ONE).items()).isEmpty();
    }
  }

  private static void superuser(String sql) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
