package dev.dovetable.core.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Thrown;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.jooq.Cursor;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.ResultOrRows;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What travels with a caller's statement doesn't show. */
class ActingStatementTest extends DatabaseTest {
  private TenantScope tenant;
  private DSLContext dsl;

  @BeforeEach
  void makeAgent() {
    tenant = newTenant();
    dsl = tenant.dsl();
  }

  @Test
  void severalResultsAreTheCallersOwn() {
    String table = "crm." + tenant.prefix() + "_customers";
    tenant.customers().create(new NewCustomer("Ada", "1"));
    List<ResultOrRows> results =
        dsl.fetchMany(
                "update %1$s set name = name; select 7; update %1$s set name = '' where false; select 8"
                    .formatted(table))
            .resultsOrRows();
    assertThat(results)
        .extracting(r -> r.result() == null ? r.rows() : r.result().get(0).get(0))
        .containsExactly(1, 7, 0, 8);
    assertThat(dsl.fetchMany("update " + table + " set name = name").resultsOrRows())
        .extracting(ResultOrRows::rows)
        .containsExactly(1);
    assertThat(dsl.fetchMany("select 7").resultsOrRows()).hasSize(1);
  }

  @Test
  void countsAreTheCallersOwn() {
    for (int i = 0; i < 3; i++) {
      tenant.customers().create(new NewCustomer("C" + i, "" + i));
    }
    var customers = tenant.tables().customers();
    assertThat(dsl.update(customers).set(customers.NAME, "x").execute()).isEqualTo(3);
    assertThat(dsl.deleteFrom(customers).where(customers.PHONE.eq("none")).execute()).isZero();
    assertThat(dsl.execute("set local work_mem = '1MB'")).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select 7 -- comment",
        "select 7;",
        "select 7; -- comment",
        "/* ; */ select 7 /* commit */",
        "select 7 -- ;\n",
        "-- first\nselect 7"
      })
  void textMayEndInAnything(String sql) {
    assertThat(dsl.fetchValue(sql)).isEqualTo(7);
    assertThat(dsl.fetchValue("select current_user::text -- " + sql.replace('\n', ' ')))
        .isEqualTo("authenticated");
  }

  @Test
  void whatFailsAtTheCommitFails() throws SQLException {
    try (Connection superuser = database.dataSource().getConnection();
        var statement = superuser.createStatement()) {
      statement.execute(
          "alter table crm.%1$s_customers add constraint late unique (phone) deferrable initially deferred"
              .formatted(tenant.prefix()));
    }
    tenant.customers().create(new NewCustomer("Ada", "1"));
    Thrown.invalid(
        InvalidDataException.Kind.NOT_UNIQUE,
        () -> tenant.customers().create(new NewCustomer("Bo", "1")));
    Thrown.invalid(
        InvalidDataException.Kind.NOT_UNIQUE,
        () -> tenant.transaction(tx -> tx.customers().create(new NewCustomer("Bo", "1"))));
    assertThat(tenant.customers().list(PageRequest.first(9)).items()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "defaultRowFetchSize=3", "preferQueryMode=simple"})
  void manyRowsAreReadWhole(String setting) {
    PGSimpleDataSource connections = new PGSimpleDataSource();
    connections.setUrl(database.jdbcUrl(login) + "&" + setting);
    DSLContext other = crm(connections).asAgent(tenant.prefix()).dsl();
    List<Integer> numbers = IntStream.rangeClosed(1, 1000).boxed().toList();
    String sql = "select generate_series(1, 1000)";
    assertThat(other.fetch(sql).getValues(0)).isEqualTo(numbers);
    assertThat(other.resultQuery(sql).fetchSize(7).fetch().getValues(0)).isEqualTo(numbers);
    try (var stream = other.resultQuery(sql).fetchSize(7).stream()) {
      assertThat(stream.map(row -> row.get(0))).isEqualTo(numbers);
    }
    try (Cursor<Record> cursor = other.fetchLazy(sql)) {
      assertThat(cursor.fetchNext(10)).hasSize(10);
      assertThat(cursor.fetch()).hasSize(990);
    }
    assertThat(other.resultQuery(sql).maxRows(5).fetch()).hasSize(5);
  }

  @Test
  void statementThatIsKeptRunsAgainAsTheActor() {
    try (var query = dsl.resultQuery("select current_user::text").keepStatement(true)) {
      for (int i = 0; i < 10; i++) {
        assertThat(query.fetchOne(0)).isEqualTo("authenticated");
      }
    }
  }

  @Test
  void slowStatementsAreStopped() {
    assertThatThrownBy(() -> dsl.resultQuery("select pg_sleep(30)").queryTimeout(1).fetch())
        .isInstanceOfSatisfying(
            DatabaseException.class,
            e -> assertThat(e.kind()).isEqualTo(DatabaseException.Kind.CANCELLED));
  }
}
