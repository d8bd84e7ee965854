package dev.dovetable.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.deliveries.Delivery;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.orders.NewOrderItem;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.User;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.core.webhooks.WebhookReport;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the recipes do. */
@FreshDatabase
class RecipeExamplesTest {
  private static final String NUMBER = "104590130000130";

  private static Crm crm;
  private static User ada;
  private static User ben;
  private static User tea;
  private static TenantScope shop;
  private static Customer maria;
  private static RecipeExamples recipes;

  @BeforeAll
  static void open(PostgresDatabase database) {
    CrmSchema.create().install(database.dataSource());
    AgentMigrations.of(Webhooks.extension()).run(database.dataSource());
    crm = Crm.builder(database.dataSource()).withoutWebhookSignatures().build();
    ada = user("ada", UserRole.ADMIN);
    ben = user("ben", UserRole.AGENT);
    tea = user("tea", UserRole.AGENT);
    crm.asService().agents().create(ben.id(), "agt_6f78", ada.id());
    crm.asService().agents().create(tea.id(), "agt_tea", ada.id());
    shop = crm.as(Actor.user(ben.id())).tenant("agt_6f78");
    maria = shop.customers().findOrCreateByPhone("13125550142", "Maria");
    recipes = new RecipeExamples(crm, shop, maria);
  }

  private static User user(String name, UserRole role) {
    return crm.asService().users().create(new NewUser(name, name + "@crm.example", role));
  }

  @Test
  void theInboxGoesOnWhereTheLinkSays() {
    for (int i = 0; i < 21; i++) {
      Customer customer = shop.customers().create(new NewCustomer("C" + i, "1202555" + i));
      shop.messages().recordInbound(customer.id(), "Hello");
    }

    RecipeExamples.Part first = recipes.inbox(ben.id(), "agt_6f78", Optional.empty());
    assertThat(first.page().items()).hasSize(20);
    String after = first.link().orElseThrow().substring("?after=".length());
    assertThat(recipes.inbox(ben.id(), "agt_6f78", Optional.of(after)).page().items())
        .isNotEmpty()
        .doesNotContainAnyElementsOf(first.page().items());
    assertThat(recipes.inbox(tea.id(), "agt_6f78", Optional.empty()).page().items()).isEmpty();
  }

  @Test
  void theAgentOfWhoeverIsSignedIn() {
    assertThat(recipes.own(tea.id()).orElseThrow().prefix()).isEqualTo("agt_tea");
    assertThat(recipes.own(ada.id())).isEmpty();
  }

  @Test
  void aMessageThatWasSentHasADelivery() {
    Message sent = recipes.send((phone, text) -> "wamid of " + phone);

    assertThat(shop.deliveries().find(sent.id()).map(Delivery::providerId))
        .contains("wamid of 13125550142");
  }

  @Test
  void anOrderAndItsMessage() {
    recipes.order(List.of(new NewOrderItem("Coffee", 2, new BigDecimal("14.50"))));

    assertThat(shop.messages().latest(maria.id(), 1))
        .extracting(Message::text)
        .containsExactly("Thank you! That is 29.00.");
  }

  @Test
  void everyAgentThatHasAUser() {
    User gone = user("gone", UserRole.AGENT);
    crm.asService().agents().create(gone.id(), "agt_gone", ada.id());
    crm.asService().users().delete(gone.id());

    assertThat(recipes.everyAgent())
        .containsKeys("agt_6f78", "agt_tea")
        .doesNotContainKey("agt_gone");
  }

  @Test
  void whatWasKeptFindsItsAgent() {
    String body =
        """
        {"entry": [{"id": "1", "changes": [{"field": "messages", "value": {
          "metadata": {"phone_number_id": "%s"},
          "statuses": [{"id": "wamid.1", "status": "read", "timestamp": "1794988931"}]}}]}]}
        """
            .formatted(NUMBER);
    crm.webhooks().receive(body.getBytes(StandardCharsets.UTF_8), null);
    crm.asService()
        .whatsapp()
        .save(
            NewWhatsAppConfig.of(tea.id(), "13125550198", "https://crm.example/hook")
                .phoneNumberId(NUMBER));

    assertThat(recipes.replay().count(WebhookReport.Outcome.STATUS_WAITING)).isOne();
    assertThat(crm.webhooks().unrouted(PageRequest.first(1)).items()).isEmpty();
  }

  @Test
  void anAgentForAnotherUser() {
    User successor = user("successor", UserRole.AGENT);

    Agent before = recipes.assign(successor.id());

    assertThat(crm.asService().agents().findByUser(successor.id()).map(Agent::id))
        .contains(before.id());
    crm.asService().agents().assign(before.id(), ben.id());
  }

  @Test
  void aPastMovesInItsOrder() {
    Message first = shop.messages().recordInbound(maria.id(), "Do you sell tea?");

    recipes.move();

    TenantScope taker = crm.asAgent("agt_tea");
    Customer there = taker.customers().findByPhone("13125550142").orElseThrow();
    assertThat(taker.messages().count(there.id())).isEqualTo(shop.messages().count(maria.id()));
    assertThat(taker.messages().latest(there.id(), 1000))
        .anySatisfy(
            message -> {
              assertThat(message.text()).isEqualTo(first.text());
              assertThat(message.timestamp()).isEqualTo(first.timestamp());
            });
  }
}
