package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.HostTest;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.orders.NewOrderItem;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.stream.IntStream;
import org.jooq.Record;
import org.jooq.Results;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

/** Each statement of a scope on a host's connection: who runs it, and what it costs. */
class HostStatementsTest extends HostTest {
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
    assertThat(trips(() -> joining.asService().agents().findByPrefix(bikes.prefix()))).isOne();
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
    assertThat(crm.asAgent(coffee.prefix()).messages().timeline(customer.id(), page).items())
        .hasSize(2);
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
}
