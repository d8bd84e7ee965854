package dev.dovetable.core.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Thrown;
import dev.dovetable.testkit.server.wire.CustomDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jooq.Cursor;
import org.jooq.Record;
import org.jooq.tools.jdbc.DefaultConnection;
import org.junit.jupiter.api.Test;

/** One physical connection that goes in and out; whatever happens, it comes back as it was. */
class ConnectionStateTest extends DatabaseTest {

  /** Never closed for good: what a pool sees. */
  private static final class Borrowed implements AutoCloseable {
    final Connection physical;
    int out;

    Borrowed(boolean autoCommit, boolean readOnly, int isolation) throws SQLException {
      physical = database.dataSource(login).getConnection();
      physical.setAutoCommit(autoCommit);
      physical.setReadOnly(readOnly);
      physical.setTransactionIsolation(isolation);
      if (!autoCommit) {
        physical.commit();
      }
    }

    Crm crm() {
      return DatabaseTest.crm(
          new CustomDataSource(
              () -> {
                out++;
                return new DefaultConnection(physical) {
                  @Override
                  public void close() {
                    out--;
                  }
                };
              }));
    }

    Map<String, Object> state() throws SQLException {
      Map<String, Object> state = new TreeMap<>();
      state.put("out", out);
      state.put("closed", physical.isClosed());
      state.put("autocommit", physical.getAutoCommit());
      state.put("read-only", physical.isReadOnly());
      state.put("isolation", physical.getTransactionIsolation());
      try (Statement statement = physical.createStatement();
          ResultSet row =
              statement.executeQuery(
                  "select current_user, session_user,"
                      + " coalesce(current_setting('request.jwt.claims', true), ''),"
                      + " coalesce(current_setting('request.jwt.claim.sub', true), ''),"
                      + " current_setting('search_path'), current_setting('role'),"
                      + " pg_current_xact_id_if_assigned() is null,"
                      + " (select count(*) from pg_locks where pid = pg_backend_pid()"
                      + " and locktype in ('advisory', 'relation') and mode <> 'AccessShareLock'),"
                      + " now() = statement_timestamp()")) {
        row.next();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
          state.put("column " + i, row.getObject(i));
        }
      }
      if (!physical.getAutoCommit()) {
        physical.rollback();
      }
      return state;
    }

    @Override
    public void close() throws SQLException {
      physical.close();
    }
  }

  @FunctionalInterface
  private interface Use {
    void use(TenantScope scope) throws Exception;
  }

  private static final List<Use> USES =
      List.of(
          scope -> scope.customers().list(PageRequest.first(1)),
          scope -> scope.customers().findOrCreateByPhone("1", "Ada"),
          scope -> scope.messages().recordInbound(4711, "no such customer"),
          scope -> scope.dsl().fetch("select 1 / 0"),
          scope -> scope.dsl().fetch("no sql"),
          scope -> scope.dsl().fetchSingle("select 1 where false"),
          scope -> scope.dsl().batch("select 1", "select nonsense").execute(),
          scope -> scope.transaction(tx -> tx.customers().create(new NewCustomer("Bo", "2"))),
          scope ->
              scope.transaction(
                  tx -> {
                    tx.customers().create(new NewCustomer("Cy", "3"));
                    throw new IllegalStateException();
                  }),
          scope ->
              scope.transaction(
                  tx -> {
                    catchThrowable(() -> tx.dsl().fetch("select 1 / 0"));
                    return tx.transaction(inner -> inner.customers().find(1));
                  }),
          scope -> {
            try (Cursor<Record> rows =
                scope
                    .dsl()
                    .resultQuery("select generate_series(1, 1000)")
                    .fetchSize(10)
                    .fetchLazy()) {
              rows.fetchNext(5);
            }
          },
          scope -> scope.dsl().connection(c -> c.setReadOnly(true)),
          scope -> scope.dsl().connection(c -> c.setTransactionIsolation(8)),
          scope -> scope.dsl().connection(c -> c.setAutoCommit(true)),
          scope -> scope.dsl().connection(Connection::close),
          scope -> scope.dsl().connection(Connection::commit),
          scope ->
              scope
                  .dsl()
                  .connection(
                      c -> {
                        try (Statement statement = c.createStatement()) {
                          catchThrowable(() -> statement.execute("select 1 / 0"));
                        }
                      }));

  @Test
  void connectionComesBackAsItWent() throws Exception {
    TenantScope tenant = newTenant();
    for (boolean autoCommit : new boolean[] {true, false}) {
      try (Borrowed one = new Borrowed(autoCommit, false, Connection.TRANSACTION_READ_COMMITTED)) {
        usesLeaveNoTrace(one, tenant.prefix());
      }
    }
    try (Borrowed one = new Borrowed(true, true, Connection.TRANSACTION_SERIALIZABLE)) {
      usesLeaveNoTrace(one, tenant.prefix());
    }
  }

  private static void usesLeaveNoTrace(Borrowed one, String prefix) throws SQLException {
    Crm crm = one.crm();
    Map<String, Object> before = one.state();
    assertThat(before).containsEntry("out", 0).containsEntry("column 6", "none");
    for (int i = 0; i < USES.size(); i++) {
      Use use = USES.get(i);
      for (TenantScope scope : List.of(crm.asAgent(prefix), crm.asService().tenant(prefix))) {
        Throwable failure = catchThrowable(() -> use.use(scope));
        assertThat(one.state()).as("after use %d, which gave %s", i, failure).isEqualTo(before);
      }
    }
    catchThrowable(() -> crm.asAgent("nobody_there").customers().find(1));
    catchThrowable(() -> crm.as(Actor.anonymous()).users().find(admin.id()));
    assertThat(one.state()).isEqualTo(before);
  }

  @Test
  void connectionOfAScopeCannotBeTurnedIntoAnother() {
    TenantScope tenant = newTenant();
    tenant
        .dsl()
        .connection(
            connection -> {
              assertThat(catchThrowable(() -> connection.setAutoCommit(true)))
                  .isInstanceOf(SQLFeatureNotSupportedException.class);
              assertThat(catchThrowable(() -> connection.setSchema("public")))
                  .isInstanceOf(SQLFeatureNotSupportedException.class);
              connection.setAutoCommit(false);
              connection.close();
              assertThat(connection.isClosed()).isFalse();
            });
  }

  /** The driver's flag; by itself it would hold in transactions that the driver begins only. */
  @Test
  void connectionsOfAPoolThatOnlyReadsRefuseEveryWrite() throws SQLException {
    TenantScope tenant = newTenant();
    NewCustomer ada = new NewCustomer("Ada", "1");
    try (Borrowed one = new Borrowed(true, true, Connection.TRANSACTION_READ_COMMITTED)) {
      TenantScope scope = one.crm().asAgent(tenant.prefix());
      assertThat(scope.customers().count()).isZero();
      Thrown.database(DatabaseException.Kind.READ_ONLY, () -> scope.customers().create(ada));
      Thrown.database(
          DatabaseException.Kind.READ_ONLY,
          () -> scope.transaction(tx -> tx.customers().create(ada)));
      Thrown.database(
          DatabaseException.Kind.READ_ONLY,
          () -> scope.customers().importAll(List.of(ada).iterator()));
    }
    assertThat(tenant.customers().count()).isZero();
  }

  @Test
  void sessionsThatOnlyReadSaySo() throws SQLException {
    TenantScope tenant = newTenant();
    try (Borrowed one = new Borrowed(true, false, Connection.TRANSACTION_READ_COMMITTED)) {
      try (Statement statement = one.physical.createStatement()) {
        statement.execute("set default_transaction_read_only = on");
      }
      TenantScope scope = one.crm().asAgent(tenant.prefix());
      assertThat(scope.customers().list(PageRequest.first(1)).items()).isEmpty();
      assertThat(catchThrowable(() -> scope.customers().create(new NewCustomer("Ada", "1"))))
          .isInstanceOf(DatabaseException.class)
          .hasMessageContaining("only reading is allowed");
    }
  }
}
