package dev.dovetable.core.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.orders.NewOrderItem;
import dev.dovetable.core.orders.OrderStatus;
import dev.dovetable.core.orders.OrderWithItems;
import dev.dovetable.testkit.server.wire.OneConnection;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.jooq.impl.DSL;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Hosts set up the driver as they like: each way sends statements and values differently. */
class DriverSettingsTest extends DatabaseTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "preferQueryMode=simple",
        "preferQueryMode=extendedForPrepared",
        "preferQueryMode=extendedCacheEverything",
        "prepareThreshold=0",
        "prepareThreshold=1",
        "binaryTransfer=false",
        "autosave=always",
        "autosave=conservative",
        "stringtype=unspecified",
        "reWriteBatchedInserts=true",
        "defaultRowFetchSize=2",
        "readOnlyMode=always"
      })
  void everythingWorksUnder(String setting) {
    PGSimpleDataSource connections = new PGSimpleDataSource();
    connections.setUrl(database.jdbcUrl(login) + "&" + setting);
    Agent agent = newAgent();
    TenantScope scope = crm(connections).asAgent(agent.prefix());
    Instant time = Instant.parse("2026-03-29T02:30:00.123456Z");

    for (int i = 0; i < 3; i++) {
      Message first = scope.messages().recordInboundFrom("1", "Ada", "it's {0} ?", time);
      assertThat(scope.messages().find(first.id())).contains(first);
      assertThat(first.timestamp()).isEqualTo(time);
      Customer ada = scope.customers().findOrCreateByPhone("1", "Ada");
      assertThat(first.customerId()).isEqualTo(ada.id());
      OrderWithItems order =
          scope
              .orders()
              .place(
                  NewOrder.of(
                      ada.id(),
                      List.of(
                          new NewOrderItem("Tea", 2, new BigDecimal("3.50")),
                          new NewOrderItem("Cup", 1, new BigDecimal("8")))));
      assertThat(scope.orders().find(order.order().id())).contains(order);
      assertThat(scope.orders().changeStatus(order.order().id(), OrderStatus.SHIPPED).total())
          .isEqualByComparingTo("15");
      assertThat(scope.conversations().latest(PageRequest.first(5)).items()).hasSize(1);
      assertThatThrownBy(() -> scope.messages().recordInbound(4711, "x"))
          .isInstanceOf(NotFoundException.class);
      scope.transaction(
          tx -> {
            assertThatThrownBy(
                    () -> tx.transaction(inner -> inner.messages().recordInbound(4711, "x")))
                .isInstanceOf(NotFoundException.class);
            assertThat(whoAmI(tx)).isEqualTo(agent.userId().orElseThrow().toString());
            return tx.messages().recordOutbound(ada.id(), "thanks");
          });
      var messages = scope.tables().messages();
      assertThat(
              scope
                  .dsl()
                  .batch(
                      DSL.insertInto(
                              messages, messages.CUSTOMER_ID, messages.MESSAGE, messages.DIRECTION)
                          .values((Integer) null, null, null))
                  .bind(ada.id(), "one", "inbound")
                  .bind(ada.id(), "two", "outbound")
                  .execute())
          .hasSize(2);
      assertThat(whoAmI(scope)).isEqualTo(agent.userId().orElseThrow().toString());
    }
    assertThat(scope.messages().list(PageRequest.first(100)).items()).hasSize(12);
    assertThat(scope.customers().list(PageRequest.first(100)).items()).hasSize(1);
  }

  /**
   * A statement that the driver has described, because the type of a parameter was unknown, and
   * whose rows have no bound, is sent apart from what is in front of it: the driver fears that both
   * sides' buffers fill up.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "prepareThreshold=5",
        "prepareThreshold=0",
        "prepareThreshold=1",
        "prepareThreshold=1&stringtype=unspecified",
        "prepareThreshold=1&binaryTransfer=true",
        "stringtype=unspecified",
        "autosave=always",
        "preferQueryMode=simple",
        "preferQueryMode=extendedForPrepared",
        "preferQueryMode=extendedCacheEverything&stringtype=unspecified"
      })
  void identityHoldsForStatementsThatTheDriverSendsApart(String setting) {
    PGSimpleDataSource connections = new PGSimpleDataSource();
    connections.setUrl(database.jdbcUrl(login) + "&" + setting);
    Agent agent = newAgent();
    TenantScope scope = crm(OneConnection.of(open(connections))).asAgent(agent.prefix());
    scope.customers().create(new NewCustomer("Ada", "1"));
    var customers = scope.tables().customers();
    for (int i = 0; i < 20; i++) {
      Timestamp past = new Timestamp(i);
      assertThat(
              scope
                  .dsl()
                  .select(
                      DSL.field("auth.uid()::text", String.class), DSL.field("current_user::text"))
                  .from(customers)
                  .where(DSL.val(past).lt(DSL.currentTimestamp()))
                  .and(customers.NAME.eq("Ada"))
                  .and(DSL.val("x").eq("x"))
                  .fetchSingle()
                  .intoArray())
          .containsExactly(agent.userId().orElseThrow().toString(), "authenticated");
    }
  }

  private static Connection open(PGSimpleDataSource connections) {
    try {
      return connections.getConnection();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String whoAmI(TenantScope scope) {
    return (String) scope.dsl().fetchValue("select auth.uid()::text");
  }
}
