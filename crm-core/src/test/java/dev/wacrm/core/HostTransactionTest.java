package dev.wacrm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.stream.IntStream;
import org.jooq.Record;
import org.jooq.Results;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Two agents' scopes in a transaction that is the host's, and stays the host's. */
class HostTransactionTest extends DatabaseTest {
  private static final String HOST_CLAIMS = "{\"sub\": \"the host's\"}";

  private static RoundTrips wire;
  private static Connection connection;
  private static Crm joining;

  private TenantScope coffee;
  private TenantScope bikes;
  private Customer customer;

  @BeforeAll
  static void connect() throws IOException, SQLException {
    wire = new RoundTrips(database.server().port());
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setPortNumbers(new int[] {wire.port()});
    dataSource.setDatabaseName(database.name());
    dataSource.setUser(login);
    dataSource.setSslMode("disable");
    dataSource.setGssEncMode("disable");
    connection = dataSource.getConnection();
    connection.createStatement().execute("create temp table host_notes (note text)");
    joining =
        Crm.builder(DSL.using(connection, SQLDialect.POSTGRES)).schema(Installed.SCHEMA).build();
  }

  @AfterAll
  static void disconnect() throws IOException, SQLException {
    connection.close();
    wire.close();
  }

  @BeforeEach
  void begin() throws SQLException {
    coffee = joining.tenant(newAgent().prefix());
    bikes = joining.tenant(newAgent().prefix());
    customer = coffee.customers().create(new NewCustomer("Ada", "15550100"));
    bikes.agentId();
    connection.setAutoCommit(false);
    run("insert into host_notes values ('begun')");
    wire.take();
  }

  @AfterEach
  void end() throws SQLException {
    if (!connection.getAutoCommit()) {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  @Test
  void everyStatementOfAScopeIsOneRoundTripAndTheHostIsItselfAgain() throws SQLException {
    List<NewOrderItem> items =
        IntStream.range(0, 3).mapToObj(i -> new NewOrderItem("I" + i, 1, BigDecimal.TEN)).toList();

    assertThat(trips(() -> coffee.customers().find(customer.id()))).isOne();
    assertThat(trips(() -> bikes.customers().create(new NewCustomer("Bo", "15550101")))).isOne();
    assertThat(trips(() -> coffee.messages().recordInbound(customer.id(), "hi"))).isOne();
    assertThat(trips(() -> coffee.conversations().latest(PageRequest.first(5)))).isOne();
    assertThat(trips(() -> coffee.orders().place(NewOrder.of(customer.id(), items)))).isOne();
    assertThat(trips(() -> coffee.customers().rename(customer.id(), "Ada L."))).isOne();
    assertThat(trips(() -> coffee.customers().findOrCreateByPhone("15550199", "New"))).isEqualTo(2);
    assertThat(trips(() -> joining.agents().findByPrefix(bikes.prefix()))).isOne();
    assertThat(identity()).isEqualTo("none,," + login);
  }

  @Test
  void alsoOnceTheDriverPreparesOnTheServer() throws SQLException {
    for (int i = 0; i < 8; i++) {
      assertThat(coffee.customers().find(customer.id())).contains(customer);
      assertThat(bikes.customers().find(customer.id())).isEmpty();
      assertThat(identity()).isEqualTo("none,," + login);
    }
  }

  @Test
  void theHostsOwnRoleClaimsAndTimeoutsComeBack() throws SQLException {
    run("set local role authenticated");
    run("set local statement_timeout = '77s'");
    run("select set_config('request.jwt.claims', '" + HOST_CLAIMS.replace("'", "''") + "', true)");

    String asScope =
        coffee
            .dsl()
            .fetchSingle("select current_user || current_setting('request.jwt.claims')")
            .get(0, String.class);

    assertThat(asScope).startsWith("authenticated{").doesNotContain("the host's");
    assertThat(identity()).isEqualTo("authenticated," + HOST_CLAIMS + ",authenticated");
    assertThat(value("show statement_timeout")).isEqualTo("77s");
  }

  @Test
  void theHostsRollbackTakesBackEverythingOfBothScopes() throws SQLException {
    coffee.messages().recordInbound(customer.id(), "one");
    run("insert into host_notes values ('between')");
    bikes.customers().create(new NewCustomer("Bo", "15550101"));
    bikes.transaction(inner -> inner.customers().create(new NewCustomer("Cy", "15550102")));

    connection.rollback();

    assertThat(value("select count(*) from host_notes")).isEqualTo("0");
    assertThat(coffee.messages().timeline(customer.id(), PageRequest.first(5)).items()).isEmpty();
    assertThat(bikes.customers().list(PageRequest.first(5)).items()).isEmpty();
  }

  @Test
  void nobodyElseSeesItBeforeTheHostCommits() throws SQLException {
    coffee.messages().recordInbound(customer.id(), "one");
    TenantScope other = crm.tenant(coffee.prefix());
    PageRequest page = PageRequest.first(5);

    assertThat(other.messages().timeline(customer.id(), page).items()).isEmpty();
    connection.commit();
    assertThat(other.messages().timeline(customer.id(), page).items()).hasSize(1);
    run("delete from host_notes");
    connection.commit();
  }

  @Test
  void afterAFailureTheHostsSavepointBringsTheHostBack() throws SQLException {
    Savepoint savepoint = connection.setSavepoint();

    assertThatThrownBy(() -> coffee.messages().recordInbound(-1, "nobody"))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> run("select 1")).hasMessageContaining("aborted");
    connection.rollback(savepoint);

    assertThat(identity()).isEqualTo("none,," + login);
    assertThat(bikes.customers().find(1)).isEmpty();
    assertThat(value("select count(*) from host_notes where note = 'begun'")).isEqualTo("1");
  }

  @Test
  void aTransactionOfAScopeIsASavepoint() throws SQLException {
    IllegalStateException thrown = new IllegalStateException("enough");

    assertThatThrownBy(
            () ->
                coffee.transaction(
                    inner -> {
                      inner.messages().recordInbound(customer.id(), "undone");
                      assertThat(identity()).isEqualTo("none,," + login);
                      throw thrown;
                    }))
        .isSameAs(thrown);
    int trips =
        trips(
            () ->
                coffee.transaction(
                    inner -> {
                      inner.messages().recordInbound(customer.id(), "kept");
                      return inner.transaction(
                          deeper -> deeper.messages().recordOutbound(customer.id(), "kept too"));
                    }));
    assertThatThrownBy(
            () -> coffee.transaction(inner -> inner.messages().recordInbound(-1, "nobody")))
        .isInstanceOf(NotFoundException.class);

    assertThat(trips).isEqualTo(2 + 4);
    assertThat(identity()).isEqualTo("none,," + login);
    assertThat(coffee.messages().timeline(customer.id(), PageRequest.first(5)).items()).hasSize(2);
    assertThat(value("select count(*) from host_notes where note = 'begun'")).isEqualTo("1");
  }

  @Test
  void aBatchRunsAsTheActorAndGivesTheHostBack() throws SQLException {
    int trips = trips(() -> assertThat(batch(customer.id())).containsExactly(1, 1));

    assertThat(trips).isEqualTo(3);
    assertThat(identity()).isEqualTo("none,," + login);

    Savepoint savepoint = connection.setSavepoint();
    assertThatThrownBy(() -> batch(-1)).isInstanceOf(InvalidDataException.class);
    connection.rollback(savepoint);
    assertThat(identity()).isEqualTo("none,," + login);
    assertThatThrownBy(() -> coffee.transaction(inner -> inner.dsl().execute("select 1 / 0")))
        .isInstanceOf(InvalidDataException.class);
    assertThat(identity()).isEqualTo("none,," + login);
  }

  @Test
  void aConnectionHandedToTheCallerActsUntilItIsGivenBack() throws SQLException {
    String seen =
        coffee
            .dsl()
            .connectionResult(
                acting -> {
                  Savepoint savepoint = acting.setSavepoint();
                  assertThatThrownBy(() -> acting.createStatement().execute("select 1 / 0"))
                      .isInstanceOf(SQLException.class);
                  acting.rollback(savepoint);
                  assertThatThrownBy(acting::commit).hasMessageContaining("the host's");
                  try (ResultSet row =
                      acting.createStatement().executeQuery("select current_user")) {
                    row.next();
                    return row.getString(1);
                  }
                });

    assertThat(seen).isEqualTo("authenticated");
    assertThat(identity()).isEqualTo("none,," + login);
  }

  @Test
  void callersSeeTheirOwnResultsOnly() throws SQLException {
    var table = coffee.tables().customers();

    Results several = coffee.dsl().fetchMany("select 1; select 2 -- a comment");
    assertThat(several)
        .extracting(result -> result.get(0).get(0, Integer.class))
        .containsExactly(1, 2);
    assertThat(coffee.dsl().update(table).set(table.NAME, "All").execute()).isOne();
    assertThat(
            coffee
                .dsl()
                .update(table)
                .set(table.NAME, "Returned")
                .returning(table.NAME)
                .fetchSingle()
                .getName())
        .isEqualTo("Returned");
    assertThat(coffee.dsl().execute("select 3;")).isZero();
    try (var cursor = coffee.dsl().selectFrom(table).fetchSize(1).fetchLazy()) {
      assertThat(identity()).isEqualTo("none,," + login);
      assertThat(cursor.fetch()).hasSize(1);
    }
    try (var stream = coffee.dsl().selectFrom(table).fetchSize(1).fetchStream()) {
      assertThat(stream.map(Record::intoMap)).hasSize(1);
    }
  }

  @Test
  void withAutocommitOnTheHostIsInNoTransaction() throws SQLException {
    connection.rollback();
    connection.setAutoCommit(true);

    assertThat(trips(() -> coffee.messages().recordInbound(customer.id(), "hi"))).isOne();
    assertThat(
            trips(
                () ->
                    coffee.transaction(
                        inner -> inner.messages().recordOutbound(customer.id(), "yes?"))))
        .isEqualTo(2);
    assertThat(connection.getAutoCommit()).isTrue();
    assertThat(identity()).isEqualTo("none,," + login);
    PageRequest page = PageRequest.first(5);
    assertThat(crm.tenant(coffee.prefix()).messages().timeline(customer.id(), page).items())
        .hasSize(2);
  }

  @Test
  void aDataSourceInTheMiddleOfATransactionIsRefusedAndNotCommitted() throws SQLException {
    Crm mistaken = crm(OneConnection.of(connection));

    assertThatThrownBy(() -> mistaken.agents().findByPrefix(coffee.prefix()))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.reason()).isEqualTo(RefusedException.Reason.TRANSACTION_OPEN));

    connection.rollback();
    assertThat(value("select count(*) from host_notes")).isEqualTo("0");
  }

  @Test
  void aScopeThatOnlyReadsDoesNotMakeTheHostReadOnly() throws SQLException {
    TenantScope reading = coffee.readOnly();

    assertThatThrownBy(() -> reading.customers().find(customer.id()))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.reason()).isEqualTo(RefusedException.Reason.TRANSACTION_OPEN));
    run("insert into host_notes values ('still writable')");
  }

  @Test
  void aDeletionThatMayNotWaitAnyLongerSaysSo() throws SQLException {
    long id = coffee.agentId();
    try (Connection other = pool.getConnection()) {
      other.setAutoCommit(false);
      try (Statement statement = other.createStatement()) {
        statement.execute("set local role service_role");
        statement.execute("select 1 from crm." + coffee.prefix() + "_customers");
      }
      assertThatThrownBy(() -> joining.agents().delete(id))
          .isInstanceOfSatisfying(
              DatabaseException.class,
              e -> assertThat(e.kind()).isEqualTo(DatabaseException.Kind.LOCK_TIMEOUT));
      other.rollback();
    }
  }

  private int[] batch(int customerId) {
    var messages = coffee.tables().messages();
    return coffee
        .dsl()
        .batch(
            DSL.insertInto(messages)
                .columns(messages.CUSTOMER_ID, messages.MESSAGE, messages.DIRECTION)
                .values((Integer) null, null, null))
        .bind(customerId, "one", "inbound")
        .bind(customerId, "two", "outbound")
        .execute();
  }

  private static int trips(Runnable work) {
    wire.take();
    work.run();
    return wire.take();
  }

  private static String identity() throws SQLException {
    return value(
        "select current_setting('role') || ',' ||"
            + " coalesce(current_setting('request.jwt.claims', true), '') || ',' || current_user");
  }

  private static String value(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
