package dev.dovetable.core.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.fixture.CountedTest;
import dev.dovetable.core.fixture.HostileSql;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.testkit.server.wire.OneConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a scope's own SQL sets, for the session too, is gone when the connection goes back. */
class SessionStateTest extends CountedTest {
  private static final String FAILING = "; select 1 / 0";

  private TenantScope shop;
  private Map<String, String> before;

  @BeforeEach
  void prepare() throws SQLException {
    shop = counted.asAgent(newAgent().prefix());
    // As a pool may initialise its sessions.
    run("set search_path = crm, pg_catalog");
    run("set statement_timeout = '10min'");
    before = HostileSql.state(connection);
  }

  @AfterEach
  void reset() throws SQLException {
    if (!connection.getAutoCommit()) {
      connection.rollback();
      connection.setAutoCommit(true);
    }
    run("reset all");
    run("reset role");
  }

  @ParameterizedTest
  @MethodSource("dev.dovetable.core.fixture.HostileSql#settings")
  void statementLeavesNothing(String sql) throws SQLException {
    assertThat(trips(() -> shop.dsl().execute(sql))).isOne();
    assertThat(HostileSql.state(connection)).isEqualTo(before);
    assertThat(shop.dsl().fetch("select {0}", DSL.val("Ada"))).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("dev.dovetable.core.fixture.HostileSql#settings")
  void transactionLeavesNothing(String sql) throws SQLException {
    int trips =
        trips(
            () ->
                shop.transaction(
                    tx -> {
                      tx.customers().count();
                      return tx.dsl().execute(sql);
                    }));
    assertThat(trips).isEqualTo(3);
    assertThat(HostileSql.state(connection)).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("dev.dovetable.core.fixture.HostileSql#settings")
  void jdbcLeavesNothing(String sql) throws SQLException {
    shop.dsl()
        .connection(
            acting -> {
              try (Statement statement = acting.createStatement()) {
                statement.execute(sql);
              }
            });
    // The driver refuses texts of several statements there.
    catchThrowable(() -> shop.dsl().batch(sql, "select 1").execute());
    shop.transaction(tx -> tx.transaction(inner -> inner.dsl().execute(sql)));
    counted.transaction(tx -> tx.asAgent(shop.prefix()).dsl().execute(sql));
    assertThat(HostileSql.state(connection)).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("dev.dovetable.core.fixture.HostileSql#all")
  void attackerIsNobodyElseAfterwards(String sql) throws SQLException {
    run("reset all");
    before = HostileSql.state(connection);
    catchThrowable(() -> shop.dsl().execute(sql));
    assertThat(HostileSql.state(connection)).isEqualTo(before);
    catchThrowable(() -> shop.transaction(tx -> tx.dsl().execute(sql)));
    assertThat(HostileSql.state(connection)).isEqualTo(before);
  }

  /** What it has committed by itself can't be put back, so nobody gets the connection. */
  @Test
  void connectionIsGivenUpWhereATransactionMayHaveBeenEnded() throws SQLException {
    try (Connection spoilt = database.dataSource(login).getConnection()) {
      Crm one = crm(OneConnection.of(spoilt));
      TenantScope scope = one.asAgent(shop.prefix());
      assertThatThrownBy(
          () -> scope.dsl().execute("commit; set role service_role; commit; begin" + FAILING));
      assertThat(spoilt.isClosed()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.dovetable.core.fixture.HostileSql#all")
  void hostGoesOnAsItself(String sql) throws SQLException {
    run("reset all");
    before = HostileSql.state(connection);
    connection.setAutoCommit(false);
    run("set local role authenticated");
    run("select set_config('request.jwt.claims', '{\"role\":\"authenticated\"}', true)");
    Map<String, String> hosts = HostileSql.state(connection);
    TenantScope joining =
        Crm.builder(DSL.using(connection, SQLDialect.POSTGRES))
            .schema(Installed.SCHEMA)
            .build()
            .asAgent(shop.prefix());

    Throwable refused = catchThrowable(() -> joining.dsl().execute(sql));

    if (refused == null && !sql.startsWith("commit") && !sql.startsWith("rollback")) {
      assertThat(HostileSql.state(connection)).isEqualTo(hosts);
      connection.commit();
    } else {
      connection.rollback();
    }
    assertThat(HostileSql.state(connection)).isEqualTo(before);
  }

  @Test
  void deferredTriggersRunAsTheActor() throws SQLException {
    String customers = Installed.SCHEMA + "." + shop.prefix() + "_customers";
    superuser(
        """
        create function %1$s_note() returns trigger language plpgsql as $$
        begin perform set_config('test.seen', current_user, false); return null; end $$;
        create constraint trigger note after insert on %1$s deferrable initially deferred
        for each row execute function %1$s_note();
        """
            .formatted(customers));
    long agent = shop.agentId();
    String insert =
        "insert into " + customers + " (agent_id, name, phone) values (" + agent + ", 'Ada', '1')";

    assertThat(shop.dsl().execute(insert)).isOne();
    assertThat(setting("test.seen")).isEqualTo("authenticated");
    run("set test.seen = ''");
    shop.transaction(tx -> tx.dsl().execute(insert));
    assertThat(setting("test.seen")).isEqualTo("authenticated");
  }

  @Test
  void rowSecurityThatIsOffIsNoMissingGrant() {
    assertThatThrownBy(
            () ->
                shop.transaction(
                    tx -> {
                      tx.dsl().execute("set local row_security = off");
                      return tx.customers().count();
                    }))
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("row_security");
  }

  /** As by a setting of the role or the database. */
  @Test
  void norIsRowSecurityThatWasOffBefore() throws SQLException {
    run("set row_security = off");
    assertThatThrownBy(() -> shop.customers().count())
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("row_security is off")
        .hasMessageNotContaining("grant");
    assertThatThrownBy(() -> shop.transaction(tx -> tx.customers().count()))
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("row_security is off")
        .hasMessageNotContaining("grant");
  }

  private static String setting(String name) throws SQLException {
    try (Statement statement = connection.createStatement();
        var row = statement.executeQuery("select current_setting('" + name + "')")) {
      row.next();
      return row.getString(1);
    }
  }

  private static void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void superuser(String sql) throws SQLException {
    try (Connection superuser = database.dataSource().getConnection();
        Statement statement = superuser.createStatement()) {
      statement.execute(sql);
    }
  }
}
