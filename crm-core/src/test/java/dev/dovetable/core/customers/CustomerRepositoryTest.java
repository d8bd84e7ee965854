package dev.dovetable.core.customers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Cursor;
import dev.dovetable.core.common.InvalidDataException.Kind;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.fixture.Concurrently;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Thrown;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.orders.OrderWithItems;
import dev.dovetable.testkit.server.wire.CustomDataSource;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CustomerRepositoryTest extends DatabaseTest {

  @Test
  void whatIsCreatedIsFoundChangedAndDeleted() {
    CustomerRepository customers = newTenant().customers();
    Customer ada = customers.create(new NewCustomer("Ada", "1"));

    assertThat(customers.find(ada.id())).contains(ada);
    assertThat(customers.findByPhone("1")).contains(ada);
    assertThat(customers.rename(ada.id(), "Ada L.").name()).isEqualTo("Ada L.");
    assertThat(customers.changePhone(ada.id(), "2"))
        .isEqualTo(new Customer(ada.id(), "Ada L.", "2", ada.createdAt()));
    assertThat(customers.findByPhone("1")).isEmpty();

    assertThat(customers.delete(ada.id())).isTrue();
    assertThat(customers.delete(ada.id())).isFalse();
    assertThat(customers.find(ada.id())).isEmpty();
  }

  @Test
  void deletingACustomerTakesMessagesAndOrdersAlong() {
    TenantScope tenant = newTenant();
    Customer ada = tenant.customers().create(new NewCustomer("Ada", "1"));
    Message message = tenant.messages().recordInbound(ada.id(), "hello");
    OrderWithItems order = tenant.orders().place(NewOrder.of(ada.id(), List.of()));

    tenant.customers().delete(ada.id());

    assertThat(tenant.messages().find(message.id())).isEmpty();
    assertThat(tenant.orders().find(order.order().id())).isEmpty();
  }

  @Test
  void changingAMissingCustomerSaysSo() {
    TenantScope tenant = newTenant();
    assertThatThrownBy(() -> tenant.customers().rename(4711, "Bo"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("customer 4711 of agent " + tenant.prefix());
    assertThatThrownBy(() -> tenant.customers().changePhone(4711, "3"))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void pagesHoldEachCustomerOnceNewestFirst() {
    CustomerRepository customers = newTenant().customers();
    List<Customer> all = new ArrayList<>();
    for (int i = 0; i < 23; i++) {
      all.add(customers.create(new NewCustomer("C" + i, "" + i)));
    }
    all.sort(Comparator.comparing(Customer::id).reversed());

    List<Customer> read = new ArrayList<>();
    Optional<PageRequest> next = Optional.of(PageRequest.first(5));
    while (next.isPresent()) {
      PageRequest request = next.get();
      Page<Customer> page = customers.list(request);
      read.addAll(page.items());
      // As a web client does: through text.
      next = page.next().map(Cursor::toString).map(Cursor::parse).map(request::after);
    }

    assertThat(read).isEqualTo(all);
    assertThat(customers.list(PageRequest.first(23)).next()).isEmpty();
  }

  @Test
  void cursorFitsItsOwnListOnly() {
    TenantScope one = newTenant();
    TenantScope two = newTenant();
    for (TenantScope tenant : List.of(one, two)) {
      tenant.customers().create(new NewCustomer("Ada", "1"));
      tenant.customers().create(new NewCustomer("Bo", "2"));
    }
    Cursor cursor = one.customers().list(PageRequest.first(1)).next().orElseThrow();
    PageRequest after = PageRequest.first(1).after(cursor);

    assertThat(one.customers().list(after).items()).hasSize(1);
    Thrown.invalid(Kind.CURSOR, () -> two.customers().list(after));
    Thrown.invalid(Kind.CURSOR, () -> one.messages().list(after));
    Thrown.invalid(Kind.CURSOR, () -> one.orders().list(after));
    Thrown.invalid(Kind.CURSOR, () -> one.conversations().latest(after));
  }

  @Test
  void sixteenThreadsMakeOneCustomerPerNumber() throws Exception {
    TenantScope tenant = newTenant();
    Set<Integer> ids = new HashSet<>();
    for (int round = 0; round < 10; round++) {
      String phone = "49151" + round;
      List<Customer> found =
          Concurrently.run(
              16, thread -> tenant.customers().findOrCreateByPhone(phone, "T" + thread));
      assertThat(found).containsOnly(found.get(0));
      ids.add(found.get(0).id());
    }
    assertThat(ids).hasSize(10);
    assertThat(tenant.dsl().fetchCount(tenant.tables().customers())).isEqualTo(10);
  }

  @Test
  void threadsThatRecordByPhoneMakeOneCustomerToo() throws Exception {
    TenantScope tenant = newTenant();
    List<Message> messages =
        Concurrently.run(
            16,
            thread ->
                tenant.messages().recordInboundFrom("4915199", "Ada", "m" + thread, Instant.now()));
    assertThat(messages).extracting(Message::customerId).containsOnly(messages.get(0).customerId());
    assertThat(messages).extracting(Message::id).doesNotHaveDuplicates();
  }

  @Test
  void customerWhoIsThereKeepsTheirName() {
    CustomerRepository customers = newTenant().customers();
    Customer ada = customers.findOrCreateByPhone("1", "Ada");
    assertThat(customers.findOrCreateByPhone("1", "Somebody else")).isEqualTo(ada);
  }

  @Test
  void ofSeveralCustomersWithANumberTheOldestIsFound() {
    CustomerRepository customers = newTenant().customers();
    Customer first = customers.create(new NewCustomer("Ada", "1"));
    customers.create(new NewCustomer("Bo", "1"));
    assertThat(customers.findByPhone("1")).contains(first);
    assertThat(customers.findOrCreateByPhone("1", "Cy")).isEqualTo(first);
  }

  @Test
  void findOrCreateRefusesASnapshotThatCannotSeeOthers() {
    TenantScope tenant = newTenant();
    Crm strict =
        crm(
            new CustomDataSource(
                () -> {
                  Connection connection = database.dataSource(login).getConnection();
                  connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                  return connection;
                }));
    Thrown.refused(
        RefusedException.Reason.NOT_READ_COMMITTED,
        () -> strict.asAgent(tenant.prefix()).customers().findOrCreateByPhone("1", "Ada"));
    assertThat(tenant.customers().findByPhone("1")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n", "\u2003"})
  void blankNamesAndPhonesAreRefused(String blank) {
    CustomerRepository customers = newTenant().customers();
    Thrown.invalid(Kind.MISSING, () -> new NewCustomer(blank, "1"));
    Thrown.invalid(Kind.MISSING, () -> new NewCustomer("Ada", blank));
    Thrown.invalid(Kind.MISSING, () -> customers.findOrCreateByPhone(blank, "Ada"));
    Thrown.invalid(Kind.MISSING, () -> customers.findOrCreateByPhone("1", blank));
    Thrown.invalid(Kind.MISSING, () -> customers.rename(1, blank));
    Thrown.invalid(Kind.MISSING, () -> customers.changePhone(1, blank));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\0b", "\ud83d", "x\ude00y", "\ude00\ud83d"})
  void whatIsNoTextIsRefused(String noText) {
    Thrown.invalid(Kind.NOT_TEXT, () -> new NewCustomer(noText, "1"));
    Thrown.invalid(Kind.NOT_TEXT, () -> new NewCustomer("Ada", noText));
    Thrown.invalid(Kind.NOT_TEXT, () -> newTenant().customers().findByPhone(noText));
  }
}
