package dev.dovetable.core.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.TransactionalWork;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.DatabaseException.Kind;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.schema.migration.AgentMigrations;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jooq.Field;
import org.jooq.Record1;
import org.jooq.ResultQuery;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

/** Migrations change a column's type while the connections of pools hold plans that read it. */
class StaleStatementTest extends DatabaseTest {
  private static final String[] FILES = {
    "001_create_parcels.sql",
    "002_widen_weight.sql",
    "003_weigh_grams.sql",
    "004_weigh_in_words.sql"
  };

  /** From the fifth one on, the driver has the server prepare a statement. */
  private static final int EXECUTIONS = 8;

  private static final Field<Object> WEIGHT = DSL.field(DSL.name("weight"));

  @Test
  void areRepeatedWhereNothingWasDoneAndElseToldToBeRetryable() throws SQLException {
    migrate(1);
    Agent agent = newAgent();
    Table<?> parcels = DSL.table(DSL.name(Installed.SCHEMA, agent.prefix() + "_parcels"));
    try (HikariDataSource one = lenientPool();
        HikariDataSource another = lenientPool();
        HikariDataSource strict = pool(1);
        Connection hosts = database.dataSource(login).getConnection()) {
      List<TenantScope> shops =
          Stream.of(crm(one), crm(another))
              .map(crm -> crm.asService().tenant(agent.prefix()))
              .toList();
      TenantScope joining =
          Crm.builder(DSL.using(hosts, SQLDialect.POSTGRES))
              .schema(Installed.SCHEMA)
              .build()
              .asService()
              .tenant(agent.prefix());
      int ada = shops.get(0).customers().create(new NewCustomer("Ada", "1")).id();
      shops.get(0).dsl().insertInto(parcels).values(ada, 7).execute();

      statementsOfTheirOwn(shops, crm(strict).asService().tenant(agent.prefix()), parcels);
      transactions(shops, parcels);
      transactionsOfTheHosts(hosts, joining, parcels);
    }
  }

  /** HikariCP takes 0A000 for a broken connection, and gives it up, unless it is told not to. */
  private static HikariDataSource lenientPool() {
    HikariDataSource pool = new HikariDataSource();
    pool.setDataSource(database.dataSource(login));
    pool.setMaximumPoolSize(1);
    pool.setExceptionOverride(
        new SQLExceptionOverride() {
          @java.lang.Override
          public Override adjudicate(SQLException failure) {
            return "0A000".equals(failure.getSQLState())
                ? Override.DO_NOT_EVICT
                : Override.CONTINUE_EVICT;
          }
        });
    return pool;
  }

  private static void statementsOfTheirOwn(
      List<TenantScope> shops, TenantScope strict, Table<?> parcels) {
    for (TenantScope shop : shops) {
      for (int i = 0; i < EXECUTIONS; i++) {
        assertThat(weight(shop, parcels).fetchSingle().value1()).isEqualTo(7);
        assertThat(increase(shop, parcels)).isEqualTo(8);
        shop.dsl().execute("update {0} set weight = 7", parcels);
        streamed(shop, parcels);
      }
    }
    for (int i = 0; i < EXECUTIONS; i++) {
      weight(strict, parcels).fetch();
    }
    migrate(2);
    assertStale(() -> weight(strict, parcels).fetch());
    assertThat(weight(strict, parcels).fetchSingle().value1()).isEqualTo(7L);
    for (TenantScope shop : shops) {
      assertThat(weight(shop, parcels).fetchSingle().value1()).isEqualTo(7L);
      assertThat(increase(shop, parcels)).isEqualTo(8L);
      shop.dsl().execute("update {0} set weight = 7", parcels);
      streamed(shop, parcels);
    }
  }

  private static void transactions(List<TenantScope> shops, Table<?> parcels) {
    TransactionalWork<TenantScope, Object, RuntimeException> twice =
        tx -> {
          tx.customers().count();
          return weight(tx, parcels).fetch();
        };
    for (TenantScope shop : shops) {
      for (int i = 0; i < EXECUTIONS; i++) {
        shop.transaction(tx -> weight(tx, parcels).fetch());
        shop.transaction(
            tx -> {
              increase(tx, parcels);
              return weight(tx, parcels).fetch();
            });
        shop.transaction(twice);
      }
    }
    migrate(3);
    shops.get(0).transaction(tx -> assertThat(weight(tx, parcels).fetch()).hasSize(1));
    TenantScope shop = shops.get(1);
    assertStale(() -> shop.transaction(twice));
    assertThat(shop.transaction(twice)).isInstanceOf(List.class);
  }

  private static void transactionsOfTheHosts(
      Connection hosts, TenantScope joining, Table<?> parcels) throws SQLException {
    hosts.setAutoCommit(false);
    for (int i = 0; i < EXECUTIONS; i++) {
      weight(joining, parcels).fetch();
      hosts.commit();
    }
    migrate(4);
    assertStale(() -> weight(joining, parcels).fetch());
    hosts.rollback();
    assertThat(weight(joining, parcels).fetch()).hasSize(1);
    hosts.commit();
  }

  private static ResultQuery<Record1<Object>> weight(TenantScope shop, Table<?> parcels) {
    return shop.dsl().select(WEIGHT).from(parcels);
  }

  /** Would be seen if it was done twice. */
  private static Object increase(TenantScope shop, Table<?> parcels) {
    return shop.dsl()
        .fetchSingle("update {0} set weight = weight + 1 returning weight", parcels)
        .get(0);
  }

  private static void streamed(TenantScope shop, Table<?> parcels) {
    try (Stream<Record1<Object>> rows = weight(shop, parcels).fetchSize(1).fetchStream()) {
      assertThat(rows).hasSize(1);
    }
  }

  private static void assertStale(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            DatabaseException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.STALE_STATEMENT);
              assertThat(e.isRetryable()).isTrue();
              assertThat(e.sqlState()).contains("0A000");
            });
  }

  private static void migrate(int version) {
    AgentExtension parcels =
        AgentExtension.fromClassPath(
            "parcels", "dev/dovetable/core/parcels", Arrays.copyOf(FILES, version));
    assertThat(
            AgentMigrations.builder(parcels)
                .schema(Installed.SCHEMA)
                .build()
                .run(database.dataSource())
                .failures())
        .isEmpty();
  }
}
