package dev.dovetable.examples.testing;

import static dev.dovetable.testkit.CrmAssertions.assertThat;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.testkit.CrmDatabase;
import dev.dovetable.testkit.CrmTest;
import dev.dovetable.testkit.Recording;
import org.junit.jupiter.api.Test;

@CrmTest
class InboxTest {
  @Test
  void thanksACustomer(CrmDatabase database, TenantScope shop, TenantScope neighbour) {
    database.agent(shop.prefix()).withCustomers(100).withMessages(1_000);
    Inbox inbox = new Inbox(database.crm(), database.clock());

    try (Recording recording = database.record()) {
      inbox.receive(shop.prefix(), "12025550142", "Maria", "Two bags, please");
      assertThat(recording).hasAtMostRoundTrips(3);
    }

    Customer maria = shop.customers().findByPhone("12025550142").orElseThrow();
    assertThat(shop.messages().timelineOldestFirst(maria.id(), PageRequest.first(10)))
        .hasTexts("Two bags, please", "Thank you, Maria!");
    assertThat(neighbour).cannotSee(shop);
  }
}
