package dev.dovetable.core.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.DatabaseException.Kind;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.testkit.server.wire.OneConnection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Sessions that the server ends by its own timeouts. */
class SessionTimeoutsTest extends DatabaseTest {
  private static final long FIRST_WITH_TRANSACTION_TIMEOUT = 170_000;

  @Test
  void idleSessionIsReplacedByTryingAgain() throws Exception {
    TenantScope tenant = newTenant();
    try (Connection connection = database.dataSource(login).getConnection()) {
      TenantScope shop = crm(OneConnection.of(connection)).asService().tenant(tenant.prefix());
      int pid = pid(connection);
      setTimeout(connection, "idle_session_timeout");
      awaitEnd(pid);
      assertThrown(() -> shop.customers().find(1), Kind.UNREACHABLE, "57P05", true)
          .hasMessageContaining("idle_session_timeout");
    }
  }

  @Test
  void idleTransactionIsToldApart() throws Exception {
    TenantScope tenant = newTenant();
    try (Connection connection = database.dataSource(login).getConnection()) {
      TenantScope shop = crm(OneConnection.of(connection)).asService().tenant(tenant.prefix());
      int pid = pid(connection);
      setTimeout(connection, "idle_in_transaction_session_timeout");
      assertThrown(
              () ->
                  shop.transaction(
                      tx -> {
                        tx.customers().find(1);
                        awaitEnd(pid);
                        return tx.customers().find(1);
                      }),
              Kind.TRANSACTION_TIMEOUT,
              "25P03",
              false)
          .hasMessageContaining("idle_in_transaction_session_timeout");
    }
  }

  @Test
  void longTransactionIsToldApart() throws Exception {
    try (Connection asked = database.dataSource().getConnection()) {
      assumeTrue(number(asked, "show server_version_num") >= FIRST_WITH_TRANSACTION_TIMEOUT);
    }
    TenantScope tenant = newTenant();
    try (Connection connection = database.dataSource(login).getConnection()) {
      TenantScope shop = crm(OneConnection.of(connection)).asService().tenant(tenant.prefix());
      setTimeout(connection, "transaction_timeout");
      assertThrown(
              () -> shop.dsl().fetch("select pg_sleep(60)"),
              Kind.TRANSACTION_TIMEOUT,
              "25P04",
              false)
          .hasMessageContaining("transaction_timeout");
    }
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertThrown(
      ThrowingCallable call, Kind kind, String state, boolean retryable) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            DatabaseException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(kind);
              assertThat(e.sqlState()).contains(state);
              assertThat(e.isRetryable()).isEqualTo(retryable);
            });
  }

  private static void setTimeout(Connection connection, String timeout) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("set " + timeout + " = '200ms'");
    }
  }

  private static int pid(Connection connection) throws SQLException {
    return number(connection, "select pg_backend_pid()");
  }

  private static void awaitEnd(int pid) throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    try (Connection watching = database.dataSource().getConnection()) {
      while (number(watching, "select count(*) from pg_stat_activity where pid = " + pid) > 0) {
        assertThat(System.nanoTime()).as("still there").isLessThan(deadline);
        Thread.sleep(20);
      }
    }
  }

  private static int number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getInt(1);
    }
  }
}
