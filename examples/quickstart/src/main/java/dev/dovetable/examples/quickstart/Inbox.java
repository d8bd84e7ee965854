package dev.dovetable.examples.quickstart;

import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.deliveries.MessageDetails;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.orders.NewOrderItem;
import dev.dovetable.core.webhooks.WebhookReport;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Hands what WhatsApp sends to the CRM, and looks at what became of it. */
final class Inbox {

  /** What became of a message or a status; dashes where it is nobody's. */
  record Outcome(String agent, String customer, String message) {}

  private static final String NOBODY = "–";

  private final Crm crm;

  Inbox(Crm crm) {
    this.crm = crm;
  }

  /** A server does this for each request, and answers with the report's HTTP status. */
  WebhookReport receive(WebhookRequest request) {
    return crm.webhooks().receive(request.body(), request.signature());
  }

  /** Tells what became of it, and places the orders that customers have sent from a catalogue. */
  List<Outcome> follow(WebhookReport report) {
    return report.results().stream().map(this::follow).toList();
  }

  private Outcome follow(WebhookReport.Result result) {
    String agent = result.prefix().orElse(NOBODY);
    // Nobody is signed in, and the prefix is the CRM's own: what follows is done as the agent.
    Optional<TenantScope> scope = result.prefix().map(crm::asAgent);
    return switch (result.outcome()) {
      case STORED ->
          scope
              .flatMap(s -> result.messageId().flatMap(s.messages()::find).map(m -> stored(s, m)))
              .orElseGet(() -> new Outcome(agent, NOBODY, "deleted in the meantime"));
      case STATUS_WAITING -> new Outcome(agent, NOBODY, "[status] waits for its message");
      case STATUS_APPLIED -> new Outcome(agent, NOBODY, "[status] of a message that was sent");
      case DUPLICATE -> new Outcome(agent, NOBODY, "was here already");
      case CONSENT -> new Outcome(agent, NOBODY, "consent, kept with the customer");
      case NEWS -> new Outcome(agent, NOBODY, "news, kept apart");
      case KEPT_UNROUTED -> new Outcome(agent, NOBODY, "kept as it came");
      case FAILED -> new Outcome(agent, NOBODY, "failed, will be sent again");
    };
  }

  private static Outcome stored(TenantScope scope, Message message) {
    Customer customer = scope.customers().find(message.customerId()).orElseThrow();
    String placed =
        scope
            .deliveries()
            .details(message.id())
            .filter(details -> details.kind().equals("order"))
            .map(details -> place(scope, message, details))
            .orElse("");
    return new Outcome(scope.prefix(), customer.name(), message.text() + placed);
  }

  private static String place(TenantScope scope, Message message, MessageDetails details) {
    try {
      scope.orders().place(NewOrder.of(message.customerId(), items(details)).notes(message.text()));
      return "";
    } catch (InvalidDataException e) {
      return " (not placed: " + e.problem() + ")";
    }
  }

  private static List<NewOrderItem> items(MessageDetails details) {
    JsonNode order = JsonMapper.shared().readTree(details.payload()).path("order");
    List<NewOrderItem> items = new ArrayList<>();
    for (JsonNode item : order.path("product_items")) {
      BigDecimal price = item.path("item_price").asDecimal(BigDecimal.ZERO);
      items.add(
          new NewOrderItem(
              item.path("product_retailer_id").asString("unnamed product"),
              item.path("quantity").asInt(1),
              price.setScale(2, RoundingMode.HALF_UP)));
    }
    return items;
  }
}
