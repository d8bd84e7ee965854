package dev.wacrm.examples.quickstart;

import dev.wacrm.core.Conversation;
import dev.wacrm.core.Crm;
import dev.wacrm.core.Customer;
import dev.wacrm.core.Message;
import dev.wacrm.core.MessageDirection;
import dev.wacrm.core.NewOrder;
import dev.wacrm.core.NewOrderItem;
import dev.wacrm.core.OrderItem;
import dev.wacrm.core.OrderStatus;
import dev.wacrm.core.OrderWithItems;
import dev.wacrm.core.PageRequest;
import dev.wacrm.examples.quickstart.webhook.WebhookEvent;
import java.math.BigDecimal;
import java.time.Duration;
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

  void takeIn(List<Delivery> deliveries) {
    console.section(Text.count(deliveries.size(), "file") + " of webhook deliveries");
    Inbox inbox = new Inbox(crm);
    List<List<String>> rows = new ArrayList<>();
    for (Delivery delivery : deliveries) {
      String file = delivery.file();
      for (WebhookEvent event : delivery.events()) {
        Inbox.Outcome outcome = inbox.accept(event);
        rows.add(List.of(file, outcome.agent(), outcome.customer(), Text.cut(outcome.message())));
        file = "";
      }
    }
    console.table(List.of("File", "Agent", "Customer", "Message"), rows);
  }

  /** Answers every customer who had the last word. */
  void answer(List<Shop> shops) {
    for (Shop shop : shops) {
      for (Conversation conversation : shop.scope().conversations().latest(FIRST).items()) {
        Message last = conversation.lastMessage();
        if (last.direction() == MessageDirection.INBOUND) {
          Customer customer = conversation.customer();
          shop.scope()
              .messages()
              .recordOutbound(
                  customer.id(),
                  "Thank you, %s! I'll see to it. – %s"
                      .formatted(
                          Text.firstName(customer.name()), Text.firstName(shop.user().name())),
                  last.timestamp().plus(TIME_TO_ANSWER));
        }
      }
    }
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
