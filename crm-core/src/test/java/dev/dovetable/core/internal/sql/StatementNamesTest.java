package dev.dovetable.core.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.orders.NewOrderItem;
import dev.dovetable.core.orders.OrderItem;
import dev.dovetable.core.orders.OrderStatus;
import dev.dovetable.core.orders.OrderWithItems;
import dev.dovetable.testkit.server.wire.OneConnection;
import dev.dovetable.testkit.server.wire.WireTap;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What the scope of one agent sends names that agent's tables in full, and nobody else's. */
class StatementNamesTest extends DatabaseTest {
  /** Claims are JSON, with the braces that no name may be left with. */
  private static final String PRELUDE = "select\n  pg_catalog.set_config";

  @Test
  void noStatementNamesAnotherPrefixOrTheTemplate() throws SQLException {
    TenantScope a = newTenant();
    TenantScope b = newTenant();
    List<String> statements = new CopyOnWriteArrayList<>();
    try (WireTap tap = WireTap.open("localhost", database.server().port());
        Connection connection =
            DriverManager.getConnection(
                database
                    .jdbcUrl(login)
                    .replaceFirst("localhost:\\d+", "localhost:" + tap.port()))) {
      tap.add(
          new WireTap.Listener() {
            @Override
            public void statement(String sql, List<String> values) {
              if (!sql.strip().startsWith(PRELUDE)) {
                statements.add(sql);
              }
            }
          });
      Crm tapped = crm(OneConnection.of(connection));
      useAll(tapped.asAgent(a.prefix()));
      tapped.asService().users().list(PageRequest.first(1));
      tapped.asService().agents().list(PageRequest.first(1));
      tapped.asService().whatsapp().findByPhoneNumberId("1");
    }

    assertThat(statements).hasSizeGreaterThan(30);
    assertThat(statements)
        .noneMatch(sql -> sql.contains("{"))
        .noneMatch(sql -> sql.contains(b.prefix()))
        .noneMatch(sql -> sql.toLowerCase(Locale.ROOT).contains("template"));
    String table = "(customers|messages|orders|orders_items)";
    assertThat(statements)
        .allSatisfy(
            sql ->
                assertThat(
                        sql.replaceAll(
                            "\"crm\"\\.\"" + a.prefix() + "_" + table + "\"", "<own table>"))
                    .doesNotContainPattern("_" + table));
  }

  private static void useAll(TenantScope scope) {
    PageRequest page = PageRequest.first(1);
    Customer customer = scope.customers().findOrCreateByPhone("new", "New");
    scope.customers().create(new NewCustomer("Other", "other"));
    scope.customers().rename(customer.id(), "Newer");
    scope.customers().changePhone(customer.id(), "newer");
    page(scope.customers().list(page), next -> scope.customers().list(next));
    Message message = scope.messages().recordInbound(customer.id(), "x", Instant.now());
    scope.messages().recordOutboundTo("newer", "New", "y", Instant.now());
    scope.messages().edit(message.id(), "z");
    page(
        scope.messages().timeline(customer.id(), page),
        next -> scope.messages().timeline(customer.id(), next));
    page(scope.messages().list(page), next -> scope.messages().list(next));
    scope.conversations().latest(page);
    NewOrderItem tea = new NewOrderItem("Tea", 1, BigDecimal.ONE);
    OrderWithItems order = scope.orders().place(NewOrder.of(customer.id(), List.of(tea, tea)));
    scope.orders().place(NewOrder.of(customer.id(), List.of()));
    scope.orders().find(order.order().id());
    scope.orders().changeStatus(order.order().id(), OrderStatus.SHIPPED);
    OrderItem item = scope.orders().addItem(order.order().id(), tea);
    scope.orders().changeItem(item.id(), tea);
    scope.orders().removeItem(item.id());
    page(scope.orders().list(page), next -> scope.orders().list(next));
    scope.orders().listByCustomer(customer.id(), page);
    scope.orders().delete(order.order().id());
    scope.messages().delete(message.id());
    scope.customers().delete(customer.id());
  }

  private static <T> void page(Page<T> first, Function<PageRequest, Page<T>> next) {
    first.next().map(PageRequest.first(1)::after).map(next).orElseThrow();
  }
}
