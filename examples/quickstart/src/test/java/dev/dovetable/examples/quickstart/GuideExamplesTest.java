package dev.dovetable.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.TenantScope;
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
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the guide's examples do, area by area. */
class GuideExamplesTest extends ExamplesTest {
  private final GuideExamples areas = new GuideExamples(crm, shop, ada);

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
  void transactionsAndReading() {
    areas.orders(maria, LocalDate.now(ZoneOffset.UTC));
    int id = shop.orders().list(PageRequest.first(1)).items().get(0).id();

    assertThat(areas.transaction(id).status()).isEqualTo(OrderStatus.CONFIRMED);
    User tea =
        crm.asService().users().create(new NewUser("Eve", "eve@crm.example", UserRole.AGENT));
    crm.asService().agents().create(tea.id(), "agt_tea", ada.id());
    assertThat(crm.asAgent("agt_tea").messages().find(areas.severalAgents(maria).id())).isPresent();
    areas.readOnly();
    assertThat(areas.output).contains(DatabaseException.Kind.READ_ONLY);
    assertThat(shop.messages().latest(maria.id(), 2))
        .extracting(Message::text)
        .containsExactly("Your order is confirmed.", "Our tea shop will write.");
  }
}
