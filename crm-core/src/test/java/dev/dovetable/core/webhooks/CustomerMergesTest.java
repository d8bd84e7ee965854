package dev.dovetable.core.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.CustomerAddresses;
import dev.dovetable.core.customers.CustomerMerge;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.webhooks.WebhookBodies.Item;
import dev.dovetable.core.webhooks.WebhookBodies.OwnNumber;
import dev.dovetable.core.webhooks.WebhookBodies.StatusFor;
import dev.dovetable.core.webhooks.WebhookBodies.Text;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is merged, and what is not; what the application hears of it and can take back. */
class CustomerMergesTest extends WebhookTest {
  private static final PageRequest PAGE = PageRequest.first(100);

  private Business shop;
  private TenantScope scope;

  @BeforeEach
  void makeShop() {
    shop = newBusiness();
    scope = shop.scope();
  }

  @Test
  void numberThatChangedHandsMakesTwoPeople() {
    receive(Text.from("wamid.1", "15550100", "US.1", "Ada", 1));
    receive(Text.from("wamid.2", "15550100", "US.2", "Bo", 5));
    receive(Text.from("wamid.3", "15550100", "Bo", 6));

    Customer ada = scope.customers().findByPhone("US.1").orElseThrow();
    Customer bo = scope.customers().findByPhone("15550100").orElseThrow();
    assertThat(List.of(ada.name(), bo.name())).containsExactly("Ada", "Bo");
    assertThat(scope.messages().count(ada.id())).isOne();
    assertThat(scope.messages().count(bo.id())).isEqualTo(2);
    assertThat(ada.reachablePhone()).isEmpty();
    assertThat(bo.reachablePhone()).contains("15550100");
    CustomerAddresses addresses = scope.customers().addresses(ada.id()).orElseThrow();
    assertThat(addresses.userIds()).containsExactly("US.1");
    assertThat(addresses.followsName()).isTrue();
    assertThat(addresses.numbers())
        .singleElement()
        .satisfies(
            number -> {
              assertThat(number.phone()).isEqualTo("15550100");
              assertThat(number.since()).isEqualTo(at(1));
              assertThat(number.until()).contains(at(5));
            });
    assertThat(scope.customers().merges().of(ada.id())).isEmpty();
  }

  /**
   * Also what each wrote between the first and the last time counts, in whatever order it comes.
   */
  @ParameterizedTest
  @ValueSource(strings = {"forwards", "backwards", "the third last"})
  void numberThatGoesToAndFroIsWhoseItIsAtTheTime(String order) {
    List<Item> items = new ArrayList<>();
    for (int i = 1; i <= 6; i++) {
      items.add(Text.from("wamid." + i, "15550100", "US." + i % 2, "C", 10 * i));
    }
    items.add(Text.from("wamid.alone", "15550100", "C", 35));
    if (order.equals("backwards")) {
      Collections.reverse(items);
    } else if (order.equals("the third last")) {
      items.add(items.remove(2));
    }
    items.forEach(this::receive);

    int customer = scope.deliveries().findMessage("wamid.3").orElseThrow().customerId();
    assertThat(scope.deliveries().findMessage("wamid.alone").orElseThrow().customerId())
        .isEqualTo(customer);
    assertThat(scope.customers().count()).isEqualTo(2);
  }

  @Test
  void mergeIsTakenBackAndNotRepeated() {
    receive(Text.from("wamid.1", "15550100", "Nora", 1));
    receive(Text.fromUserId("wamid.2", "US.1", "Noor", 2));
    Customer nora = scope.customers().findByPhone("15550100").orElseThrow();
    Customer noor = scope.customers().findByPhone("US.1").orElseThrow();
    int order = scope.orders().place(NewOrder.of(noor.id(), List.of())).order().id();

    receive(new OwnNumber("wamid.3", "US.1", "15550100", 3));
    CustomerMerge merge = scope.customers().merges().of(noor.id()).get(0);
    assertThat(merge.lostId()).isEqualTo(noor.id());
    assertThat(merge.keptId()).isEqualTo(nora.id());
    assertThat(merge.providerId()).contains("wamid.3");
    assertThat(merge.onlyMessages()).isFalse();
    assertThat(scope.customers().find(noor.id())).isEmpty();
    assertThat(scope.messages().count(nora.id())).isEqualTo(3);

    assertThat(scope.customers().merges().undo(noor.id())).isTrue();
    assertThat(scope.customers().merges().undo(noor.id())).isFalse();
    receive(Text.from("wamid.4", "15550100", "US.1", "Noor", 4));

    assertThat(scope.customers().count()).isEqualTo(2);
    assertThat(scope.customers().find(noor.id())).isPresent();
    assertThat(scope.orders().find(order).orElseThrow().order().customerId()).isEqualTo(noor.id());
    assertThat(scope.customers().merges().of(nora.id()).get(0).undoneAt()).isPresent();
  }

  /** Whoever undoes a merge acts with more rights than those who could write what it says. */
  @Test
  void undoingReachesNothingButWhatRefersToTheAgentsCustomers() throws SQLException {
    TenantScope other = newBusiness().scope();
    int customer = other.customers().create(new NewCustomer("Ada", "1")).id();
    int another = other.customers().create(new NewCustomer("Bea", "2")).id();
    int message = other.messages().recordInbound(customer, "hello").id();
    int kept = scope.customers().create(new NewCustomer("Kay", "3")).id();
    int lost = scope.customers().create(new NewCustomer("Lou", "4")).id();
    assertThat(List.of(kept, lost)).isEqualTo(List.of(customer, another));
    crm.as(Actor.user(shop.agent().userId().orElseThrow()))
        .tenant(shop.agent().prefix())
        .dsl()
        .execute(
            """
            insert into crm.%s_whatsapp_merges (lost_id, kept_id, source, customer, moved, left_behind)
            values (?, ?, 'x', null, ?::jsonb, '{}')
            """
                .formatted(shop.agent().prefix()),
            lost,
            kept,
            """
            [{"schema": "crm", "table": "%s_messages", "column": "customer_id", "keys": [{"id": %d}]}]
            """
                .formatted(other.prefix(), message));

    assertThat(crm.asService().tenant(shop.agent().prefix()).customers().merges().undo(lost))
        .isTrue();
    assertThat(other.messages().find(message).orElseThrow().customerId()).isEqualTo(customer);
  }

  @Test
  void hookMakesOneRowOfTwo() throws SQLException {
    String prefix = shop.agent().prefix();
    receive(Text.from("wamid.1", "15550100", "Nora", 1));
    receive(Text.fromUserId("wamid.2", "US.1", "Noor", 2));
    asSuperuser(
        """
        create table crm.%1$s_points (
          customer_id integer primary key references crm.%1$s_customers (id) on delete cascade, points integer);
        grant select, insert, update, delete on crm.%1$s_points to authenticated;
        insert into crm.%1$s_points select id, 5 from crm.%1$s_customers;
        create or replace function crm.merge_points(prefix text, lost integer, kept integer) returns void
        language plpgsql as $$
        begin
          execute format('with gone as (delete from crm.%%1$I where customer_id = $1 returning points)'
            ' update crm.%%1$I p set points = p.points + g.points from gone g where p.customer_id = $2',
            prefix || '_points') using lost, kept;
        end
        $$;
        grant execute on function crm.merge_points(text, integer, integer) to authenticated;
        insert into crm_private.customer_merge_hooks values ('points', 'crm', 'merge_points')
        on conflict do nothing;
        """
            .formatted(prefix));

    receive(Text.from("wamid.3", "15550100", "US.1", "Noor", 3));

    assertThat(superuser("select points::text from crm." + prefix + "_points"))
        .containsExactly("10");
    assertThat(scope.customers().count()).isOne();
  }

  @Test
  void statusSaysWhoWasWrittenTo() {
    Customer ada = scope.customers().create(new NewCustomer("Ada L.", "+44 (7700) 900-103"));
    receiveStatus(new StatusFor("wamid.out", "delivered", "447700900103", "GB.1", 1));
    receive(Text.fromUserId("wamid.1", "GB.1", "Ada", 2));

    assertThat(scope.customers().list(PAGE).items()).containsExactly(ada);
    assertThat(scope.messages().count(ada.id())).isOne();
  }

  @Test
  void statusThatShowsTwoToBeOneIsReported() {
    receive(Text.from("wamid.1", "15550100", "Nora", 1));
    receive(Text.fromUserId("wamid.2", "US.1", "Noor", 2));

    WebhookReport report = receiveStatus(new StatusFor("wamid.out", "read", "15550100", "US.1", 3));

    assertThat(report.results())
        .singleElement()
        .satisfies(
            result -> {
              assertThat(result.outcome()).isEqualTo(WebhookReport.Outcome.STATUS_WAITING);
              assertThat(result.merged()).isTrue();
            });
    int one = scope.customers().list(PAGE).items().get(0).id();
    assertThat(scope.customers().merges().of(one).get(0).providerId()).contains("wamid.out");
    WebhookReport again = receiveStatus(new StatusFor("wamid.out", "read", "15550100", "US.1", 3));
    assertThat(again.results().get(0).merged()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"+44 7700 900103", "00447700900103", "44-7700-900103", "(44) 7700.900103"})
  void spellingsOfAddressBooksFindTheCustomer(String phone) {
    Customer ada = scope.customers().create(new NewCustomer("Ada", phone));
    receive(Text.from("wamid.1", "447700900103", "ada", 1));
    assertThat(scope.customers().list(PAGE).items()).containsExactly(ada);
  }

  @Test
  void whatTheApplicationHasWrittenStaysUntilItHandsItBack() {
    receive(Text.from("wamid.1", "15550100", "US.1", "Ada", 1));
    int id = scope.customers().list(PAGE).items().get(0).id();
    scope.customers().rename(id, "Ms Lovelace");
    receive(Text.from("wamid.2", "15550200", "US.1", "Ada L.", 2));
    assertThat(scope.customers().find(id).orElseThrow().name()).isEqualTo("Ms Lovelace");
    assertThat(scope.customers().find(id).orElseThrow().phone()).isEqualTo("15550200");
    assertThat(scope.customers().addresses(id).orElseThrow().followsName()).isFalse();

    scope.customers().follow(id);

    assertThat(scope.customers().find(id).orElseThrow().name()).isEqualTo("Ada L.");
    assertThat(scope.customers().addresses(id).orElseThrow().followsName()).isTrue();
  }

  /** In portions, each stored by itself; what is there twice is stored once. */
  @Test
  void largeBodyOfNewSendersIsStoredOnce() {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      items.add(Text.from("wamid." + i, "1555" + i, "US." + i, "C", i));
    }
    items.add(new StatusFor("wamid.out", "read", "15550", "US.0", 700));
    String body = WebhookBodies.body(shop.phoneNumberId(), items);
    assertThat(WebhookTest.receive(body).count(WebhookReport.Outcome.STORED)).isEqualTo(600);
    assertThat(WebhookTest.receive(body).count(WebhookReport.Outcome.DUPLICATE)).isEqualTo(600);
    assertThat(scope.customers().count()).isEqualTo(600);
  }

  private void receive(Item... items) {
    WebhookReport report =
        WebhookTest.receive(
            WebhookBodies.body(
                List.of(WebhookBodies.changes(shop.phoneNumberId(), List.of(items)))));
    assertThat(report.count(WebhookReport.Outcome.STORED)).isEqualTo(items.length);
  }

  private WebhookReport receiveStatus(Item status) {
    return WebhookTest.receive(WebhookBodies.body(shop.phoneNumberId(), status));
  }

  private static Instant at(int second) {
    return Instant.ofEpochSecond(WebhookBodies.second(second));
  }
}
