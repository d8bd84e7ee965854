package dev.wacrm.examples.quickstart;

import dev.wacrm.core.Crm;
import dev.wacrm.core.InvalidDataException;
import dev.wacrm.core.Message;
import dev.wacrm.core.NewOrder;
import dev.wacrm.core.NewOrderItem;
import dev.wacrm.core.TenantScope;
import dev.wacrm.core.WhatsAppRoute;
import dev.wacrm.examples.quickstart.webhook.BusinessNumber;
import dev.wacrm.examples.quickstart.webhook.InboundMessage;
import dev.wacrm.examples.quickstart.webhook.Product;
import dev.wacrm.examples.quickstart.webhook.Skipped;
import dev.wacrm.examples.quickstart.webhook.StatusUpdate;
import dev.wacrm.examples.quickstart.webhook.WebhookEvent;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts what deliveries tell into the tables of the agent whose number they concern. */
final class Inbox {

  /** What became of an event; agent and customer are dashes where it concerns nobody. */
  record Outcome(String agent, String customer, String message) {}

  private final Crm crm;
  private final Map<String, Optional<TenantScope>> scopes = new HashMap<>();

  Inbox(Crm crm) {
    this.crm = crm;
  }

  Outcome accept(WebhookEvent event) {
    if (event instanceof InboundMessage message) {
      return scope(message.to())
          .map(scope -> record(scope, message))
          .orElseGet(() -> nobodys(message.to()));
    }
    if (event instanceof StatusUpdate status) {
      return scope(status.of())
          .map(scope -> describe(scope, status))
          .orElseGet(() -> nobodys(status.of()));
    }
    return skipped(((Skipped) event).reason());
  }

  private Optional<TenantScope> scope(BusinessNumber number) {
    return scopes.computeIfAbsent(
        number.id(),
        id ->
            crm.whatsapp()
                .findByPhoneNumberId(id)
                .flatMap(WhatsAppRoute::agent)
                .map(agent -> crm.tenant(agent.prefix())));
  }

  private static Outcome record(TenantScope scope, InboundMessage message) {
    String customer = message.from().displayName();
    try {
      return scope.transaction(
          inOne -> {
            Message recorded =
                inOne
                    .messages()
                    .recordInboundFrom(
                        message.from().identity().orElseThrow(),
                        customer,
                        message.text(),
                        message.sentAt());
            if (!message.products().isEmpty()) {
              inOne.orders().place(order(recorded, message));
            }
            return new Outcome(scope.prefix(), customer, message.text());
          });
    } catch (InvalidDataException e) {
      return new Outcome(scope.prefix(), customer, "refused: " + e.problem());
    }
  }

  private static NewOrder order(Message recorded, InboundMessage message) {
    List<NewOrderItem> items = message.products().stream().map(Inbox::item).toList();
    return NewOrder.of(recorded.customerId(), items).notes(message.text());
  }

  private static NewOrderItem item(Product product) {
    return new NewOrderItem(
        product.retailerId(),
        product.quantity(),
        product.price().setScale(2, RoundingMode.HALF_UP));
  }

  /** The tables of the specification have no place for it. */
  private static Outcome describe(TenantScope scope, StatusUpdate status) {
    return new Outcome(
        scope.prefix(),
        Text.phone(status.recipient().displayName()),
        "[status] an earlier message: "
            + status.status()
            + status.problem().map(problem -> ": " + problem).orElse(""));
  }

  private static Outcome nobodys(BusinessNumber number) {
    return skipped("no agent has the number " + Text.phone(number.display()));
  }

  private static Outcome skipped(String reason) {
    return new Outcome("–", "–", "skipped: " + reason);
  }
}
