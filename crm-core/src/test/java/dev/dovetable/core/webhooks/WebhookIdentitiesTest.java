package dev.dovetable.core.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.orders.NewOrderItem;
import dev.dovetable.core.orders.Order;
import dev.dovetable.core.webhooks.WebhookBodies.Item;
import dev.dovetable.core.webhooks.WebhookBodies.NewNumber;
import dev.dovetable.core.webhooks.WebhookBodies.Text;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose message it is. */
class WebhookIdentitiesTest extends WebhookTest {
  private static final PageRequest PAGE = PageRequest.first(100);

  private Business shop;
  private TenantScope scope;

  @BeforeEach
  void makeShop() {
    shop = newBusiness();
    scope = shop.scope();
  }

  @Test
  void senderWithoutPhoneIsKeptUnderTheUserIdUntilTheNumberIsKnown() {
    receive(Text.fromUserId("wamid.1", "US.1", "Noor", 1));
    assertThat(onlyCustomer().phone()).isEqualTo("US.1");

    receive(Text.from("wamid.2", "15550100", "US.1", "Noor", 2));
    assertThat(onlyCustomer().phone()).isEqualTo("15550100");

    receive(Text.from("wamid.3", "15550100", "Noor", 3));
    assertThat(scope.messages().count(onlyCustomer().id())).isEqualTo(3);
  }

  @Test
  void twoCustomersThatTurnOutToBeOneAreJoined() {
    receive(Text.fromUserId("wamid.1", "US.1", "Noor", 3));
    receive(Text.from("wamid.2", "15550100", "Nora", 2));
    Customer byUserId = scope.customers().findByPhone("US.1").orElseThrow();
    Customer byPhone = scope.customers().findByPhone("15550100").orElseThrow();
    NewOrderItem tea = new NewOrderItem("Tea", 2, new BigDecimal("3.00"));
    scope.orders().place(NewOrder.of(byUserId.id(), List.of(tea)));
    scope.orders().place(NewOrder.of(byPhone.id(), List.of(tea)));

    receive(Text.from("wamid.3", "15550100", "US.1", "N.", 9));

    Customer one = onlyCustomer();
    assertThat(one.id()).isEqualTo(byUserId.id());
    assertThat(one.name()).isEqualTo("N."); // of the newest message
    assertThat(one.phone()).isEqualTo("15550100");
    assertThat(scope.messages().count(one.id())).isEqualTo(3);
    assertThat(scope.orders().listByCustomer(one.id(), PAGE).items())
        .extracting(Order::total)
        .containsExactly(new BigDecimal("6.00"), new BigDecimal("6.00"));
  }

  @Test
  void ofSeveralInOneBodyThoseAreJoinedThatNothingContradicts() {
    receive(Text.from("wamid.1", "15550101", "A", 1));
    receive(Text.from("wamid.2", "15550102", "B", 2));
    receive(Text.fromUserId("wamid.3", "US.3", "C", 3));
    receive(Text.from("wamid.4", "15550104", "D", 4));

    receive(
        Text.from("wamid.5", "15550101", "US.1", "A", 5),
        Text.from("wamid.6", "15550102", "US.3", "C", 6),
        Text.from("wamid.7", "15550102", "US.1", "E", 7));

    // 15550102 was US.3's before it was US.1's.
    assertThat(scope.customers().count()).isEqualTo(3);
    Customer one = scope.customers().findByPhone("15550102").orElseThrow();
    assertThat(one.name()).isEqualTo("E");
    assertThat(scope.messages().count(one.id())).isEqualTo(3);
    Customer three = scope.customers().findByPhone("US.3").orElseThrow();
    assertThat(scope.messages().count(three.id())).isEqualTo(3);
  }

  @Test
  void customerThatTheApplicationMadeIsFoundAndKeepsNameAndPhone() {
    Customer maria = scope.customers().create(new NewCustomer("Maria L.", "+15550100"));

    receive(Text.from("wamid.1", "15550100", "US.1", "maria <3", 1));
    receive(Text.fromUserId("wamid.2", "US.1", "m", 0));

    assertThat(onlyCustomer()).isEqualTo(maria);
    assertThat(scope.messages().count(maria.id())).isEqualTo(2);
  }

  @Test
  void customerThatTheApplicationMadeStaysWhenJoined() {
    receive(Text.fromUserId("wamid.1", "US.1", "Noor", 1));
    Customer maria = scope.customers().create(new NewCustomer("Maria L.", "15550100"));

    receive(Text.from("wamid.2", "15550100", "US.1", "Noor", 2));

    assertThat(onlyCustomer()).isEqualTo(maria);
    assertThat(scope.messages().count(maria.id())).isEqualTo(2);
  }

  @Test
  void customerOfTheApplicationWithAUserIdGetsTheNumber() {
    Customer noor = scope.customers().create(new NewCustomer("Noor", "US.1"));

    receive(Text.from("wamid.1", "15550100", "US.1", "N.", 2));
    assertThat(onlyCustomer().phone()).isEqualTo("15550100");
    assertThat(onlyCustomer().name()).isEqualTo("Noor");
    assertThat(onlyCustomer().id()).isEqualTo(noor.id());

    scope.customers().changePhone(noor.id(), "15550177");
    receive(Text.from("wamid.2", "15550100", "US.1", "N.", 1));
    assertThat(onlyCustomer().phone()).isEqualTo("15550177");
  }

  @Test
  void whatTheApplicationRenamesStays() {
    receive(Text.from("wamid.2", "15550100", "Nora", 2));
    scope.customers().rename(onlyCustomer().id(), "Nora from Boston");

    receive(Text.from("wamid.1", "15550100", "Noor", 1));

    assertThat(onlyCustomer().name()).isEqualTo("Nora from Boston");
  }

  @Test
  void changedNumberIsOneMoreOfTheSameCustomer() {
    receive(new NewNumber("wamid.2", "15550100", "15550200", 2));
    receive(Text.from("wamid.1", "15550100", "Ada", 1));
    receive(Text.from("wamid.3", "15550200", "Ada", 3));

    assertThat(onlyCustomer().phone()).isEqualTo("15550200");
    assertThat(scope.messages().count(onlyCustomer().id())).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "5511987654321, 551187654321",
    "551187654321, 5511987654321",
    "5215512345678, 525512345678",
    "5491123456789, 541123456789"
  })
  void waysToWriteOneNumberMatchAndNoneIsRewritten(String first, String second) {
    receive(Text.from("wamid.1", first, "Ada", 1));
    receive(Text.from("wamid.2", second, "Ada", 2));
    assertThat(onlyCustomer().phone()).isEqualTo(first);

    Business other = newBusiness();
    other.scope().customers().create(new NewCustomer("Ada", first));
    WebhookTest.receive(
        WebhookBodies.body(other.phoneNumberId(), Text.from("wamid.2", second, "Ada", 2)));
    assertThat(other.scope().customers().list(PAGE).items())
        .extracting(Customer::phone)
        .containsExactly(first);
  }

  /** A table of the application's with one row for each customer, and one that nobody may see. */
  @Test
  void joiningLosesNoRowsOfTheApplications() throws SQLException {
    String prefix = shop.agent().prefix();
    receive(Text.fromUserId("wamid.1", "US.1", "Noor", 1));
    receive(Text.from("wamid.2", "15550100", "Nora", 2));
    asSuperuser(
        """
        create table crm.%1$s_notes (
          customer_id integer not null references crm.%1$s_customers (id) on delete cascade, note text);
        create table crm.%1$s_cards (
          customer_id integer not null unique references crm.%1$s_customers (id) on delete cascade);
        create table crm.%1$s_hidden (
          customer_id integer not null references crm.%1$s_customers (id) on delete cascade);
        alter table crm.%1$s_hidden enable row level security;
        create policy none on crm.%1$s_hidden using (false);
        grant select, insert, update, delete on crm.%1$s_notes, crm.%1$s_cards, crm.%1$s_hidden to authenticated;
        insert into crm.%1$s_notes select id, 'note' from crm.%1$s_customers;
        insert into crm.%1$s_cards select id from crm.%1$s_customers;
        insert into crm.%1$s_hidden select id from crm.%1$s_customers;
        """
            .formatted(prefix));

    receive(Text.from("wamid.3", "15550100", "US.1", "Noor", 3));
    receive(Text.from("wamid.4", "15550100", "Noor", 4));

    assertThat(superuser("select count(distinct customer_id) from crm." + prefix + "_messages"))
        .containsExactly("1");
    assertThat(superuser("select count(*) from crm." + prefix + "_notes group by customer_id"))
        .containsExactly("2");
    assertThat(superuser("select count(*) from crm." + prefix + "_cards")).containsExactly("2");
    assertThat(superuser("select count(*) from crm." + prefix + "_hidden")).containsExactly("2");
    assertThat(scope.customers().count()).isEqualTo(2);
  }

  private void receive(Item... items) {
    WebhookReport report =
        WebhookTest.receive(
            WebhookBodies.body(
                List.of(WebhookBodies.changes(shop.phoneNumberId(), List.of(items)))));
    assertThat(report.count(WebhookReport.Outcome.STORED)).isEqualTo(items.length);
  }

  private Customer onlyCustomer() {
    List<Customer> all = scope.customers().list(PAGE).items();
    assertThat(all).hasSize(1);
    return all.get(0);
  }
}
