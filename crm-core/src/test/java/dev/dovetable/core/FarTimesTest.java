package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.Cursor;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.messages.NewMessage;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.orders.NewOrderItem;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever time the database has taken, from whichever client, can be listed. */
class FarTimesTest extends DatabaseTest {
  private static final PageRequest ONE = PageRequest.first(1);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4713-01-01 00:00:00 BC",
        "294246-12-31 23:59:59.999999",
        "294250-06-01 12:00:00.000001",
        "294276-12-31 23:59:59.999999",
        "-infinity",
        "infinity"
      })
  void everyListGoesOn(String time) throws SQLException {
    Agent agent = newAgent();
    String prefix = agent.prefix();
    TenantScope scope = crm.asAgent(prefix);
    List<Integer> customers = new ArrayList<>();
    for (String name : List.of("A", "B", "C")) {
      Customer customer = scope.customers().create(new NewCustomer(name, name));
      customers.add(customer.id());
      scope.messages().recordInbound(customer.id(), name);
      scope.messages().recordInbound(customer.id(), name);
      scope
          .orders()
          .place(
              NewOrder.of(
                  customer.id(), List.of(new NewOrderItem("X", 1, new BigDecimal("2.50")))));
    }
    crm.asService()
        .whatsapp()
        .save(NewWhatsAppConfig.of(agent.userId().orElseThrow(), "15550199", "https://x.example"));
    superuser(
        """
        set timezone = 'UTC';
        update crm.%1$s_customers set created_at = '%2$s';
        update crm.%1$s_messages set timestamp = '%2$s';
        set session_replication_role = replica; -- keep_order() and its kin would write updated_at
        update crm.%1$s_orders set created_at = '%2$s', updated_at = '%2$s';
        update crm.%1$s_orders_items set created_at = '%2$s';
        update crm.agents set created_at = '%2$s';
        update crm.users set created_at = '%2$s';
        update crm.whatsapp_configuration set created_at = '%2$s', updated_at = '%2$s';
        """
            .formatted(prefix, time));

    assertThat(walk(page -> scope.customers().list(page))).hasSize(3);
    assertThat(walk(page -> scope.customers().search("A", page))).hasSize(1);
    assertThat(scope.customers().stream()).hasSize(3);
    assertThat(walk(page -> scope.messages().list(page))).hasSize(6);
    assertThat(walk(page -> scope.messages().timeline(customers.get(0), page))).hasSize(2);
    assertThat(walk(page -> scope.messages().timelineOldestFirst(customers.get(0), page)))
        .hasSize(2);
    assertThat(scope.messages().stream()).hasSize(6);
    assertThat(walk(page -> scope.conversations().latest(page))).hasSize(3);
    assertThat(walk(page -> scope.orders().list(page))).hasSize(3);
    assertThat(scope.orders().stream()).hasSize(3);
    assertThat(scope.orders().totalsByStatus()).hasSize(1);
    assertThat(walk(page -> crm.asService().agents().list(page))).isNotEmpty();
    assertThat(walk(page -> crm.asService().users().list(page))).isNotEmpty();
    assertThat(walk(page -> crm.asService().whatsapp().list(page))).isNotEmpty();
  }

  @Test
  void whatIsRecordedFarAheadIsListed() {
    TenantScope scope = newTenant();
    int customer = scope.customers().create(new NewCustomer("A", "1")).id();
    Instant far = Instant.parse("+294250-01-01T00:00:00.000001Z");
    for (int i = 0; i < 3; i++) {
      scope.messages().recordAll(List.of(NewMessage.inbound(customer, "x").at(far.plusSeconds(i))));
    }

    assertThat(walk(page -> scope.messages().timeline(customer, page)))
        .extracting(message -> message.timestamp())
        .containsExactly(far.plusSeconds(2), far.plusSeconds(1), far);
    Instant end = Instant.parse("+294276-12-31T23:59:59.999999Z");
    assertThat(walk(page -> scope.messages().listBetween(far, end, page))).hasSize(3);
  }

  private static <T> List<T> walk(Function<PageRequest, Page<T>> list) {
    List<T> seen = new ArrayList<>();
    Optional<Cursor> after = Optional.empty();
    do {
      Page<T> page = list.apply(new PageRequest(ONE.limit(), after));
      seen.addAll(page.items());
      after = page.next();
    } while (after.isPresent());
    return seen;
  }

  private static void superuser(String sql) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
