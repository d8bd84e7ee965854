package dev.dovetable.examples.quickstart;

import dev.dovetable.core.Crm;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.deliveries.Delivery;
import dev.dovetable.core.inbox.Conversation;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.messages.MessageDirection;
import dev.dovetable.core.messages.NewMessage;
import dev.dovetable.core.news.NewsFilter;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.orders.NewOrderItem;
import dev.dovetable.core.orders.OrderItem;
import dev.dovetable.core.orders.OrderStatus;
import dev.dovetable.core.orders.OrderWithItems;
import dev.dovetable.core.webhooks.WebhookReport;
import dev.dovetable.core.webhooks.WebhookReport.Outcome;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** What the quickstart does with the library, a section of output each. */
final class Tour {

  private static final PageRequest FIRST = PageRequest.first(20);
  private static final Duration TIME_TO_ANSWER = Duration.ofMinutes(5);
  private static final List<NewOrderItem> ITEMS =
      List.of(
          new NewOrderItem("Guji natural, 250 g", 2, new BigDecimal("14.50")),
          new NewOrderItem("Paper filters, 100", 1, new BigDecimal("4.80")),
          new NewOrderItem("Grinder brush", 1, new BigDecimal("6.00")));

  private final Crm crm;
  private final Console console;

  Tour(Crm crm, Console console) {
    this.crm = crm;
    this.console = console;
  }

  void showShops(List<Shop> shops) {
    console.section("Two agents, made by an admin");
    console.table(
        List.of("Agent", "User", "WhatsApp number", "phone_number_id"),
        shops.stream()
            .map(
                shop ->
                    List.of(
                        shop.prefix(),
                        shop.user().name(),
                        Text.phone(shop.number().display()),
                        shop.number().id()))
            .toList());
  }

  void takeIn(List<WebhookRequest> requests) {
    console.section("What WhatsApp sent, from " + Text.count(requests.size(), "file"));
    Inbox inbox = new Inbox(crm);
    List<List<String>> rows = new ArrayList<>();
    for (WebhookRequest request : requests) {
      String file = request.file();
      for (Inbox.Outcome outcome : inbox.follow(inbox.receive(request))) {
        rows.add(List.of(file, outcome.agent(), outcome.customer(), Text.cut(outcome.message())));
        file = "";
      }
    }
    console.table(List.of("File", "Agent", "Customer", "Message"), rows);
  }

  /** As the provider does when it got no answer, or two servers took the same callback. */
  void takeInAgain(List<WebhookRequest> requests) {
    console.section("The same files again, and what was kept as it came");
    Inbox inbox = new Inbox(crm);
    List<WebhookReport> reports = requests.stream().map(inbox::receive).toList();
    console.line(
        "%s stored, %s"
            .formatted(
                Text.count(count(reports, Outcome.STORED), "message"),
                Text.count(count(reports, Outcome.DUPLICATE), "duplicate")));
    console.table(
        List.of("phone_number_id", "Reason"),
        crm.webhooks().unrouted(FIRST).items().stream()
            .map(kept -> List.of(kept.phoneNumberId().orElse("–"), kept.reason().name()))
            .toList());
    console.table(
        List.of("News", "Field"),
        crm.webhooks().news().list(NewsFilter.all(), FIRST).items().stream()
            .map(news -> List.of(news.kind().name(), news.field()))
            .toList());
  }

  private static long count(List<WebhookReport> reports, Outcome outcome) {
    return reports.stream().mapToLong(report -> report.count(outcome)).sum();
  }

  /** Answers every customer who had the last word. */
  void answer(List<Shop> shops) {
    console.section("Answers, and what WhatsApp has told of them");
    List<List<String>> rows = new ArrayList<>();
    for (Shop shop : shops) {
      for (Conversation conversation : shop.scope().conversations().latest(FIRST).items()) {
        Message last = conversation.lastMessage();
        if (last.direction() == MessageDirection.INBOUND) {
          Customer customer = conversation.customer();
          Message answer = answer(shop, customer, last.timestamp().plus(TIME_TO_ANSWER));
          rows.add(List.of(shop.prefix(), customer.name(), state(shop, answer)));
        }
      }
    }
    console.table(List.of("Agent", "Customer", "State"), rows);
  }

  /** With the id that the provider gives it, by which its statuses find it. */
  private static Message answer(Shop shop, Customer customer, Instant at) {
    String text =
        "Thank you, %s! I'll see to it. – %s"
            .formatted(Text.firstName(customer.name()), Text.firstName(shop.user().name()));
    String providerId = WhatsApp.send(customer.phone(), text);
    return shop.scope()
        .deliveries()
        .record(NewMessage.outbound(customer.id(), text).at(at), providerId);
  }

  private static String state(Shop shop, Message message) {
    Delivery delivery = shop.scope().deliveries().find(message.id()).orElseThrow();
    return delivery
        .state()
        .map(state -> state + " at " + delivery.at(state).map(Text::time).orElseThrow())
        .orElse("nothing yet");
  }

  void showConversations(Shop shop) {
    console.section("Conversations of " + shop.prefix() + ", latest first");
    console.table(
        List.of("Customer", "Phone or user id", "Time (UTC)", "Last message"),
        shop.scope().conversations().latest(FIRST).items().stream()
            .map(
                conversation ->
                    List.of(
                        conversation.customer().name(),
                        Text.phone(conversation.customer().phone()),
                        Text.time(conversation.lastMessage().timestamp()),
                        withDirection(conversation.lastMessage())))
            .toList());
  }

  void showTimeline(Shop shop, Customer customer) {
    console.section("Timeline of " + customer.name() + " with " + shop.prefix());
    List<Message> messages =
        new ArrayList<>(shop.scope().messages().timeline(customer.id(), FIRST).items());
    Collections.reverse(messages);
    console.table(
        List.of("Time (UTC)", "Message"),
        messages.stream()
            .map(message -> List.of(Text.time(message.timestamp()), withDirection(message)))
            .toList());
  }

  /** Places an order of three items, and sends it on its way. */
  void order(Shop shop, Customer customer) {
    OrderWithItems placed =
        shop.scope()
            .orders()
            .place(NewOrder.of(customer.id(), ITEMS).shippingAddress("12 Example Street, Chicago"));
    List<OrderStatus> states = new ArrayList<>(List.of(placed.order().status()));
    for (OrderStatus next : List.of(OrderStatus.CONFIRMED, OrderStatus.SHIPPED)) {
      states.add(shop.scope().orders().changeStatus(placed.order().id(), next).status());
    }
    console.section("Order " + placed.order().id() + " of " + customer.name());
    OrderWithItems order = shop.scope().orders().find(placed.order().id()).orElseThrow();
    Stream<List<String>> items = order.items().stream().map(Tour::row);
    Stream<List<String>> total =
        Stream.of(List.of("Total", "", "", order.order().total().toPlainString()));
    console.table(
        List.of("Item", ">Quantity", ">Price", ">Sum"), Stream.concat(items, total).toList());
    console.line(String.join(" → ", states.stream().map(OrderStatus::value).toList()));
  }

  private static List<String> row(OrderItem item) {
    return List.of(
        item.name(),
        String.valueOf(item.quantity()),
        item.price().toPlainString(),
        item.total().toPlainString());
  }

  private static String withDirection(Message message) {
    return (message.direction() == MessageDirection.INBOUND ? "← " : "→ ") + message.text();
  }
}
