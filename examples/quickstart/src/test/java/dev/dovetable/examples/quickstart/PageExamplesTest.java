package dev.dovetable.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.messages.MessageDirection;
import dev.dovetable.core.messages.NewMessage;
import dev.dovetable.core.orders.OrderStatus;
import dev.dovetable.core.orders.OrderWithItems;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.User;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.core.webhooks.DeliveryState;
import dev.dovetable.core.webhooks.UnroutedWebhook;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the examples of the pages do, area by area. */
@FreshDatabase
class PageExamplesTest {
  private static Crm crm;
  private static User ada;
  private static User ben;
  static final String MIGRATION = "db/appointments/001_create_appointments.sql";

  private static PostgresDatabase postgres;
  private static TenantScope shop;
  private static Customer maria;
  private static PageExamples areas;

  @BeforeAll
  static void open(PostgresDatabase database) {
    postgres = database;
    CrmSchema.create().install(database.dataSource());
    crm = PageExamples.settings(database.dataSource(), WhatsApp.APP_SECRET);
    ada = crm.asService().users().create(new NewUser("Ada", "ada@crm.example", UserRole.ADMIN));
    ben = crm.asService().users().create(new NewUser("Ben", "ben@crm.example", UserRole.AGENT));
    crm.asService().agents().create(ben.id(), "agt_6f78", ada.id());
    shop = crm.as(Actor.user(ben.id())).tenant("agt_6f78");
    maria = shop.customers().findOrCreateByPhone("13125550142", "Maria");
    areas = new PageExamples(crm, shop, ada, ben);
  }

  @Test
  void actors() {
    List<TenantScope> scopes = areas.actors(ben.id(), "agt_6f78");
    assertThat(scopes).allSatisfy(s -> assertThat(s.customers().find(maria.id())).isPresent());
    assertThat(areas.actors(UUID.randomUUID(), "agt_6f78").get(0).customers().count()).isZero();
  }

  @Test
  void queries() {
    shop.messages().recordInbound(maria.id(), "Hello");

    assertThat(areas.queries().getValues(0, String.class)).contains(maria.name());
  }

  @Test
  void agents() {
    assertThat(areas.agents().customers().rows()).isZero();
    assertThat(crm.asService().agents().findByPrefix("agt_bikes")).isEmpty();
  }

  @Test
  void whatsapp() {
    assertThat(areas.whatsapp().orElseThrow().config().userId()).isEqualTo(ben.id());
    assertThat(areas.output).contains("agt_6f78");
    assertThat(crm.asService().whatsapp().find(ben.id())).isEmpty();
  }

  @Test
  void webhooks() {
    crm.asService()
        .whatsapp()
        .save(
            NewWhatsAppConfig.of(ben.id(), "13125550199", "https://crm.example/hook")
                .phoneNumberId("104590120000120"));
    byte[] body =
        """
        {"entry": [{"id": "1", "changes": [
          {"field": "messages", "value": {"metadata": {"phone_number_id": "104590120000120"},
            "statuses": [{"id": "wamid.1", "status": "read", "timestamp": "1794988931"}]}},
          {"field": "messages", "value": {"metadata": {"phone_number_id": "unknown"},
            "statuses": [{"id": "wamid.2", "status": "read", "timestamp": "1794988931"}]}}]}]}
        """
            .getBytes(StandardCharsets.UTF_8);

    assertThat(
            areas.webhooks(
                postgres.dataSource(),
                new PageExamples.Request(body, WhatsApp.sign(body)),
                "wamid.1"))
        .contains(DeliveryState.READ);
    assertThat(areas.output).contains(UnroutedWebhook.Reason.UNKNOWN_NUMBER, 200);
    crm.asService().whatsapp().delete(ben.id());
  }

  @Test
  void customers() {
    assertThat(areas.customers().items())
        .extracting(Customer::name)
        .containsExactly("Maria Lindqvist");
  }

  @Test
  void messages() {
    List<Message> screen = areas.messages(Instant.now().minusSeconds(60));

    assertThat(screen.get(screen.size() - 1).direction()).isEqualTo(MessageDirection.OUTBOUND);
    assertThat(screen)
        .extracting(Message::text)
        .contains("Is it in stock?", "It is. Shall I put one aside?");
  }

  @Test
  void conversations() {
    Customer tom = shop.customers().create(new NewCustomer("Tom", "16175550167"));
    shop.messages().recordInbound(maria.id(), "Hello");
    shop.messages().recordInbound(tom.id(), "Hi");

    assertThat(areas.conversations().items())
        .singleElement()
        .satisfies(c -> assertThat(c.customer().id()).isEqualTo(maria.id()));
    assertThat(areas.output).contains("Tom: Hi");
  }

  @Test
  void orders() {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);

    assertThat(areas.orders(maria, today))
        .singleElement()
        .satisfies(day -> assertThat(day.total()).isGreaterThanOrEqualTo(new BigDecimal("33.80")));
    assertThat(areas.output).contains("not shipped, because it is pending");
  }

  @Test
  void bulk() {
    areas.orders(maria, LocalDate.now(ZoneOffset.UTC));
    List<NewCustomer> rows = List.of(new NewCustomer("A", "1"), new NewCustomer("B", "2"));
    List<NewMessage> messages =
        List.of(NewMessage.inbound(maria.id(), "kept?"), NewMessage.inbound(-1, "no"));

    assertThat(areas.bulk(rows.iterator(), messages.iterator())).isEqualTo(2);
    assertThat(areas.output)
        .contains("nothing was imported, because of row 1")
        .hasAtLeastOneElementOfType(OrderWithItems.class);
  }

  @Test
  void migrations() {
    assertThat(areas.migrations(postgres.dataSource()).isComplete()).isTrue();
    assertThat(shop.dsl().fetchCount(DSL.table(DSL.name("agt_6f78_appointments")))).isZero();
    assertThat(areas.migrations(postgres.dataSource()).results()).isEmpty();
  }

  @Test
  void doctor() throws SQLException {
    try (Connection connection = postgres.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("drop index agt_6f78_customers_phone_idx");
    }

    assertThat(areas.doctor(postgres.dataSource()).findings()).isEmpty();
    assertThat(areas.output).singleElement().asString().startsWith("INDEX: index agt_6f78");
  }

  @Test
  void transactionsReadingAndErrors() throws InterruptedException {
    areas.orders(maria, LocalDate.now(ZoneOffset.UTC));
    int id = shop.orders().list(PageRequest.first(1)).items().get(0).id();

    assertThat(areas.transaction(id).status()).isEqualTo(OrderStatus.CONFIRMED);
    User tea =
        crm.asService().users().create(new NewUser("Eve", "eve@crm.example", UserRole.AGENT));
    crm.asService().agents().create(tea.id(), "agt_tea", ada.id());
    assertThat(crm.asAgent("agt_tea").messages().find(areas.severalAgents(maria).id())).isPresent();
    areas.readOnly();
    assertThat(areas.output).contains(DatabaseException.Kind.READ_ONLY);
    assertThat(areas.errors(maria.id()).text()).isEqualTo("On its way!");
    assertThat(shop.messages().latest(maria.id(), 3))
        .extracting(Message::text)
        .containsExactly("Your order is confirmed.", "Our tea shop will write.", "On its way!");
  }
}
