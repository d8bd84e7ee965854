package dev.dovetable.examples.quickstart;

import dev.dovetable.core.ActorScope;
import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.agents.AgentAccess;
import dev.dovetable.core.agents.AgentSize;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.Cursor;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.inbox.Conversation;
import dev.dovetable.core.jooq.tables.Customers;
import dev.dovetable.core.jooq.tables.Messages;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.messages.MessageRepository;
import dev.dovetable.core.messages.NewMessage;
import dev.dovetable.core.orders.DayTotal;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.orders.NewOrderItem;
import dev.dovetable.core.orders.Order;
import dev.dovetable.core.orders.OrderStatus;
import dev.dovetable.core.orders.OrderStatusConflictException;
import dev.dovetable.core.orders.OrderWithItems;
import dev.dovetable.core.orders.StatusTotal;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.User;
import dev.dovetable.core.users.UserRole;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jooq.Record2;
import org.jooq.Result;
import org.jooq.impl.DSL;

/**
 * The Java of the guide. {@link GuideExamplesTest} runs it, {@link PagesTest} compares it with the
 * page.
 */
final class GuideExamples {
  private final Crm crm;
  private final ActorScope service;
  private final TenantScope shop;
  private final User ada;

  /** What the examples print, and where exports go. */
  final List<Object> output = new ArrayList<>();

  GuideExamples(Crm crm, TenantScope shop, User ada) {
    this.crm = crm;
    this.service = crm.asService();
    this.shop = shop;
    this.ada = ada;
  }

  List<TenantScope> actors(UUID signedIn, String prefix) {
    // docs/guide.md begins
    TenantScope request = crm.as(Actor.user(signedIn)).tenant(prefix);
    TenantScope backOffice = crm.asService().tenant("agt_6f78");
    TenantScope job = crm.asAgent("agt_6f78");
    // ends
    return List.of(request, backOffice, job);
  }

  AgentSize agents() {
    // docs/guide.md begins
    User cleo = service.users().create(new NewUser("Cleo", "cleo@crm.example", UserRole.AGENT));
    User dan = service.users().create(new NewUser("Dan", "dan@crm.example", UserRole.AGENT));
    Agent bikes = service.agents().create(cleo.id(), "agt_bikes", ada.id()); // and its four tables
    service.agents().assign(bikes.id(), dan.id()); // Dan works as agt_bikes now
    crm.as(Actor.user(dan.id())).agents().members("agt_bikes").add(cleo.id()); // his colleague
    List<AgentAccess> hers = service.agents().of(cleo.id()); // agt_bikes, as a MEMBER
    AgentSize size = service.agents().size("agt_bikes"); // rows and bytes of each table
    service.agents().delete(bikes.id()); // and all its data
    // ends
    return size;
  }

  Page<Customer> customers() {
    // docs/guide.md begins
    Customer maria = shop.customers().findOrCreateByPhone("13125550142", "Maria");
    shop.customers().rename(maria.id(), "Maria Lindqvist");
    PageRequest page = PageRequest.first(20);
    Page<Customer> found = shop.customers().search("LIND", page);
    while (found.next().isPresent()) {
      found = shop.customers().search("LIND", page.after(found.next().get()));
    }
    // ends
    return found;
  }

  List<Message> messages(Instant sentAt) {
    // docs/guide.md begins
    Message question =
        shop.messages().recordInboundFrom("13125550142", "Maria", "Is it in stock?", sentAt);
    shop.messages().recordOutbound(question.customerId(), "It is. Shall I put one aside?");
    List<Message> screen = shop.messages().latest(question.customerId(), 50); // newest last
    PageRequest before = PageRequest.first(50).after(shop.messages().placeOf(screen.get(0)));
    Page<Message> older = shop.messages().timeline(question.customerId(), before);
    // ends
    output.add(older);
    return screen;
  }

  Page<Conversation> conversations() {
    // docs/guide.md begins
    Page<Conversation> inbox = shop.conversations().latest(PageRequest.first(1));
    for (Conversation conversation : inbox.items()) {
      output.add(conversation.customer().name() + ": " + conversation.lastMessage().text());
    }
    String link = inbox.next().map(Cursor::toString).orElseThrow(); // letters, digits, - and _
    PageRequest second = PageRequest.first(1).after(Cursor.parse(link));
    Page<Conversation> more = shop.conversations().latest(second);
    // ends
    return more;
  }

  List<DayTotal> orders(Customer maria, LocalDate today) {
    // docs/guide.md begins
    NewOrderItem coffee = new NewOrderItem("Coffee, 250 g", 2, new BigDecimal("14.50"));
    OrderWithItems placed = shop.orders().place(NewOrder.of(maria.id(), List.of(coffee)));
    int id = placed.order().id();
    shop.orders().addItem(id, new NewOrderItem("Paper filters", 1, new BigDecimal("4.80")));
    try {
      shop.orders().changeStatus(id, Set.of(OrderStatus.CONFIRMED), OrderStatus.SHIPPED);
    } catch (OrderStatusConflictException e) {
      output.add("not shipped, because it is " + e.present()); // pending
    }
    List<StatusTotal> byStatus = shop.orders().totalsByStatus();
    List<DayTotal> byDay = shop.orders().totalsByDay(today.minusDays(6), today.plusDays(1));
    // ends
    output.add(byStatus);
    return byDay;
  }

  Result<Record2<String, Integer>> queries() {
    // docs/guide.md begins
    Customers customers = shop.tables().customers();
    Messages messages = shop.tables().messages();
    Result<Record2<String, Integer>> busiest =
        shop.dsl()
            .select(customers.NAME, DSL.count())
            .from(messages)
            .join(customers)
            .on(customers.ID.eq(messages.CUSTOMER_ID))
            .groupBy(customers.NAME)
            .orderBy(DSL.count().desc())
            .fetch();
    // ends
    return busiest;
  }

  long bulk(Iterator<NewCustomer> rows, Iterator<NewMessage> messages) {
    // docs/guide.md begins
    long imported = service.tenant("agt_6f78").customers().importAll(rows);
    try {
      shop.messages().importAll(messages);
    } catch (InvalidDataException e) {
      output.add("nothing was imported, because of row " + e.row().orElseThrow());
    }
    try (Stream<OrderWithItems> orders = shop.orders().stream()) {
      orders.forEach(output::add);
    }
    // ends
    return imported;
  }

  Order transaction(int id) {
    // docs/guide.md begins
    Order order =
        shop.transaction(
            tx -> {
              Order confirmed = tx.orders().changeStatus(id, OrderStatus.CONFIRMED);
              tx.messages().recordOutbound(confirmed.customerId(), "Your order is confirmed.");
              return confirmed;
            });
    // ends
    return order;
  }

  Message severalAgents(Customer maria) {
    // docs/guide.md begins
    Message first =
        crm.transaction(
            tx -> {
              tx.asAgent("agt_6f78")
                  .messages()
                  .recordOutbound(maria.id(), "Our tea shop will write.");
              MessageRepository tea = tx.asAgent("agt_tea").messages();
              return tea.recordOutboundTo(maria.phone(), maria.name(), "Hello!", Instant.now());
            });
    // ends
    return first;
  }

  void readOnly() {
    // docs/guide.md begins
    TenantScope reading = shop.readOnly();
    long customers = reading.customers().count();
    try {
      reading.customers().create(new NewCustomer("Tom", "16175550167"));
    } catch (DatabaseException e) {
      output.add(e.kind()); // READ_ONLY
    }
    // ends
    output.add(customers);
  }
}
