package dev.dovetable.examples.quickstart;

import dev.dovetable.core.ActorScope;
import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.inbox.Conversation;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.orders.NewOrderItem;
import dev.dovetable.core.orders.OrderWithItems;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.User;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.core.webhooks.WebhookReport;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.migration.AgentMigrations;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** How the guide begins. */
final class FirstExamples {

  private FirstExamples() {}

  /** What comes to the webhook. */
  record Callback(byte[] body, String signature) {}

  /** What an application ends with. */
  record Shown(Page<Conversation> inbox, WebhookReport report) {}

  static Shown application(
      DataSource dataSource, String appSecret, UUID signedIn, String prefix, Callback callback) {
    byte[] body = callback.body();
    String signatureHeader = callback.signature();
    // docs/guide.md begins
    CrmSchema.create().install(dataSource); // at every start: installs, upgrades, or only looks
    AgentMigrations.of(Webhooks.extension()).run(dataSource); // agents' tables; see isComplete()
    Crm crm = Crm.builder(dataSource).webhookSecrets(appSecret).build();

    // A signed-in user's request. With the prefix of somebody else's agent, it reads nothing.
    TenantScope shop = crm.as(Actor.user(signedIn)).tenant(prefix);
    Customer maria = shop.customers().findOrCreateByPhone("13125550142", "Maria");
    shop.messages().recordOutbound(maria.id(), "Your coffee is ready.");
    Page<Conversation> inbox = shop.conversations().latest(PageRequest.first(30));

    // WhatsApp's request, a callback. Answer it with report.httpStatus().
    WebhookReport report = crm.webhooks().receive(body, signatureHeader);
    // ends
    return new Shown(inbox, report);
  }

  static OrderWithItems guide(DataSource dataSource) {
    // docs/guide.md begins
    CrmSchema.create().install(dataSource);
    Crm crm = Crm.create(dataSource);
    ActorScope service = crm.asService(); // the back office makes users and agents
    User ada = service.users().create(new NewUser("Ada", "ada@crm.example", UserRole.ADMIN));
    User ben = service.users().create(new NewUser("Ben", "ben@crm.example", UserRole.AGENT));
    service.agents().create(ben.id(), "agt_6f78", ada.id());
    TenantScope shop = crm.as(Actor.user(ben.id())).tenant("agt_6f78"); // what Ben sees
    Customer maria = shop.customers().findOrCreateByPhone("13125550142", "Maria");
    shop.messages().recordInbound(maria.id(), "Two bags of coffee, please");
    NewOrderItem coffee = new NewOrderItem("Coffee, 250 g", 2, new BigDecimal("14.50"));
    OrderWithItems order = shop.orders().place(NewOrder.of(maria.id(), List.of(coffee)));
    // ends
    return order;
  }
}
