package dev.dovetable.examples.quickstart;

import dev.dovetable.core.ActorScope;
import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.agents.AgentSize;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.Cursor;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.jooq.tables.Customers;
import dev.dovetable.core.jooq.tables.Messages;
import dev.dovetable.core.messages.Conversation;
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
import dev.dovetable.core.webhooks.Delivery;
import dev.dovetable.core.webhooks.DeliveryState;
import dev.dovetable.core.webhooks.UnroutedWebhook;
import dev.dovetable.core.webhooks.WebhookReport;
import dev.dovetable.core.webhooks.Webhooks;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import dev.dovetable.core.whatsapp.WhatsAppConfigChanges;
import dev.dovetable.core.whatsapp.WhatsAppRoute;
import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.doctor.DoctorReport;
import dev.dovetable.schema.doctor.RepairReport;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.schema.migration.AgentMigrationReport;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.schema.migration.RegisteredVersions;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jooq.Record2;
import org.jooq.Result;
import org.jooq.impl.DSL;

/**
 * The Java of the pages. {@link PageExamplesTest} runs it, {@link PagesTest} compares it with the
 * pages.
 */
final class PageExamples {
  private final Crm crm;
  private final ActorScope service;
  private final TenantScope shop;
  private final User ada;
  private final User ben;

  /** What the examples print, and where exports go. */
  final List<Object> output = new ArrayList<>();

  PageExamples(Crm crm, TenantScope shop, User ada, User ben) {
    this.crm = crm;
    this.service = crm.asService();
    this.shop = shop;
    this.ada = ada;
    this.ben = ben;
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
    AgentSize size = service.agents().size("agt_bikes"); // rows and bytes of each table
    service.agents().delete(bikes.id()); // and all its data
    // ends
    return size;
  }

  Optional<WhatsAppRoute> whatsapp() {
    // docs/webhooks.md begins
    service
        .whatsapp()
        .save(
            NewWhatsAppConfig.of(ben.id(), "13125550199", "https://crm.example/hook")
                .phoneNumberId("104590110000110"));
    service.whatsapp().update(ben.id(), WhatsAppConfigChanges.none().verifyToken("a long secret"));
    Optional<WhatsAppRoute> route = service.whatsapp().findByPhoneNumberId("104590110000110");
    String prefix = route.flatMap(WhatsAppRoute::agent).map(Agent::prefix).orElseThrow();
    service.whatsapp().delete(ben.id()); // deactivates it; save(…) brings it back
    // ends
    output.add(prefix);
    return route;
  }

  Optional<DeliveryState> webhooks(DataSource dataSource, Request request, String wamid) {
    byte[] body = request.body();
    String signatureHeader = request.signature();
    Customer maria = shop.customers().findOrCreateByPhone("13125550142", "Maria");
    // docs/webhooks.md begins
    AgentMigrations.of(Webhooks.extension()).run(dataSource); // at every start
    WebhookReport report = crm.webhooks().receive(body, signatureHeader);
    int answer = report.httpStatus(); // if it is 500, WhatsApp sends the body again
    Message sent = shop.deliveries().record(NewMessage.outbound(maria.id(), "It's ready."), wamid);
    Optional<DeliveryState> state = shop.deliveries().find(sent.id()).flatMap(Delivery::state);
    for (UnroutedWebhook kept : crm.webhooks().unrouted(PageRequest.first(50)).items()) {
      output.add(kept.reason()); // UNKNOWN_NUMBER: webhooks().replay(…) once that is mended
    }
    crm.webhooks().purge(Duration.ofDays(30));
    // ends
    output.add(answer);
    return state;
  }

  /** What comes to the webhook. */
  record Request(byte[] body, String signature) {}

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

  AgentMigrationReport migrations(DataSource dataSource) {
    // docs/extensions.md begins
    AgentExtension appointments =
        AgentExtension.fromClassPath(
            "appointments", "db/appointments", "001_create_appointments.sql");
    AgentMigrationReport report = AgentMigrations.of(appointments).run(dataSource);
    report.failures().forEach(failure -> output.add(failure.prefix() + ": " + failure.error()));
    // ends
    return report;
  }

  void takeBack(DataSource dataSource, AgentExtension appointments) {
    // docs/extensions.md begins
    RegisteredVersions versions = RegisteredVersions.in("public");
    versions.withdraw(dataSource, "appointments", 2);
    versions.replace(dataSource, appointments);
    // ends
  }

  DoctorReport doctor(DataSource dataSource) {
    // docs/operations.md begins
    CrmDoctor doctor = CrmDoctor.create();
    DoctorReport health = doctor.examine(dataSource);
    health.findings().forEach(finding -> output.add(finding.code() + ": " + finding.problem()));
    RepairReport repairs = doctor.repair(dataSource, health);
    // ends
    return repairs.failures().isEmpty() ? doctor.examine(dataSource) : health;
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

  Message errors(int customerId) throws InterruptedException {
    // docs/errors.md begins
    Message answer = null;
    for (int attempt = 1; answer == null; attempt++) {
      try {
        answer = shop.messages().recordOutbound(customerId, "On its way!");
      } catch (DatabaseException e) {
        if (!e.isRetryable() || attempt == 3) {
          throw e;
        }
        Thread.sleep(100L * attempt);
      }
    }
    // ends
    return answer;
  }

  static Crm roles(DataSource owner, DataSource webPool, DataSource jobsPool, String appSecret) {
    // docs/operations.md begins
    // At the deployment, as crm_owner:
    CrmSchema.builder().loginRole("crm_jobs").build().install(owner);
    AgentMigrations.of(Webhooks.extension()).run(owner);

    // In the application:
    Crm crm =
        Crm.builder(webPool) // crm_web: as(…), requests of signed-in users
            .serviceDataSource(jobsPool) // crm_jobs: asService(), asAgent(…), webhooks()
            .webhookSecrets(appSecret)
            .build();
    // ends
    return crm;
  }

  static Crm settings(DataSource dataSource, String appSecret) {
    // docs/operations.md begins
    Crm crm =
        Crm.builder(dataSource)
            .schema("public")
            .statementTimeout(Duration.ofSeconds(10))
            .lockTimeout(Duration.ofSeconds(2))
            .webhookSecrets(appSecret)
            .build();
    // ends
    return crm;
  }
}
