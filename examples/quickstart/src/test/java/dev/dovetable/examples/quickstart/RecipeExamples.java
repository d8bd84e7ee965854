package dev.dovetable.examples.quickstart;

import dev.dovetable.core.ActorScope;
import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.Cursor;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.inbox.Conversation;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.messages.NewMessage;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.orders.NewOrderItem;
import dev.dovetable.core.orders.OrderWithItems;
import dev.dovetable.core.orders.StatusTotal;
import dev.dovetable.core.webhooks.UnroutedWebhook;
import dev.dovetable.core.webhooks.WebhookReport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/** The Java of the page of recipes; {@link RecipeExamplesTest} runs it. */
final class RecipeExamples {
  private final Crm crm;
  private final ActorScope service;
  private final TenantScope shop;
  private final Customer maria;

  RecipeExamples(Crm crm, TenantScope shop, Customer maria) {
    this.crm = crm;
    this.service = crm.asService();
    this.shop = shop;
    this.maria = maria;
  }

  /** The application's way to WhatsApp. */
  interface Sender {
    String send(String phone, String text);
  }

  /** Part of an inbox, and where it goes on. */
  record Part(Page<Conversation> page, Optional<String> link) {}

  Part inbox(UUID signedIn, String prefix, Optional<String> after) {
    // docs/recipes.md begins
    TenantScope mine = crm.as(Actor.user(signedIn)).tenant(prefix);
    PageRequest first = PageRequest.first(20);
    Page<Conversation> page =
        mine.conversations().latest(after.map(Cursor::parse).map(first::after).orElse(first));
    Optional<String> link = page.next().map(cursor -> "?after=" + cursor);
    // ends
    return new Part(page, link);
  }

  Optional<TenantScope> own(UUID signedIn) {
    // docs/recipes.md begins
    ActorScope me = crm.as(Actor.user(signedIn));
    Optional<TenantScope> own =
        me.agents().findByUser(signedIn).map(agent -> me.tenant(agent.prefix()));
    // ends
    return own;
  }

  Message send(Sender sender) {
    // docs/recipes.md begins
    Message reply = shop.messages().recordOutbound(maria.id(), "It's ready.");
    String wamid = sender.send(maria.phone(), reply.text());
    shop.deliveries().link(reply.id(), wamid);
    // ends
    return reply;
  }

  OrderWithItems order(List<NewOrderItem> items) {
    // docs/recipes.md begins
    OrderWithItems placed =
        shop.transaction(
            tx -> {
              OrderWithItems order = tx.orders().place(NewOrder.of(maria.id(), items));
              String thanks = "Thank you! That is " + order.order().total() + ".";
              tx.messages().recordOutbound(maria.id(), thanks);
              return order;
            });
    // ends
    return placed;
  }

  Map<String, List<StatusTotal>> everyAgent() {
    Map<String, List<StatusTotal>> totals = new TreeMap<>();
    // docs/recipes.md begins
    Page<Agent> agents = service.agents().list(PageRequest.first(100));
    while (true) {
      for (Agent agent : agents.items()) {
        if (agent.userId().isPresent()) {
          totals.put(agent.prefix(), crm.asAgent(agent.prefix()).orders().totalsByStatus());
        }
      }
      if (agents.next().isEmpty()) {
        break;
      }
      agents = service.agents().list(PageRequest.first(100).after(agents.next().get()));
    }
    // ends
    return totals;
  }

  WebhookReport replay() {
    // docs/recipes.md begins
    List<Long> ids =
        crm.webhooks().unrouted(PageRequest.first(100)).items().stream()
            .filter(kept -> kept.reason() == UnroutedWebhook.Reason.UNKNOWN_NUMBER)
            .map(UnroutedWebhook::id)
            .toList();
    WebhookReport replayed = crm.webhooks().replay(ids);
    // ends
    return replayed;
  }

  Agent assign(UUID successor) {
    // docs/recipes.md begins
    Agent agent = service.agents().findByPrefix("agt_6f78").orElseThrow();
    service.agents().assign(agent.id(), successor);
    // ends
    return agent;
  }

  void move() {
    // docs/recipes.md begins
    try (Stream<Message> past = shop.messages().stream(maria.id())) {
      TenantScope taker = crm.asAgent("agt_tea");
      Customer there = taker.customers().findOrCreateByPhone(maria.phone(), maria.name());
      Stream<NewMessage> copies =
          past.map(
              m -> new NewMessage(there.id(), m.direction(), m.text(), Optional.of(m.timestamp())));
      taker.messages().importAll(copies.iterator());
    }
    // ends
  }
}
