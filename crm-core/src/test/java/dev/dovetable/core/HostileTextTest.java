package dev.dovetable.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.common.InvalidDataException.Kind;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.CustomerRepository;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.Thrown;
import dev.dovetable.core.orders.NewOrder;
import dev.dovetable.core.orders.NewOrderItem;
import dev.dovetable.core.orders.OrderStatus;
import dev.dovetable.core.orders.OrderWithItems;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.User;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import dev.dovetable.core.whatsapp.WhatsAppConfig;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text fields of users, configurations and orders; messages and customers have their own tests. */
class HostileTextTest extends DatabaseTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'; drop table users; --",
        "\"{prefix}_orders\" {0} ? :x ${y} \\",
        "\\' \\\\ E'\\x41' $$ $1 /* -- */",
        "👩‍👩‍👧 שלום ‮abc‬ İıŞ \u0001\ufeff\uffff",
        "{\"a\": [null, \"\\u0000\"]}\r\n\tb"
      })
  void comesBackAsItWas(String text) {
    User user =
        crm.asService().users().create(new NewUser(text, text.hashCode() + text, UserRole.AGENT));
    assertThat(crm.asService().users().find(user.id())).contains(user);
    assertThat(user.name()).isEqualTo(text);
    assertThat(user.email()).isEqualTo(text.hashCode() + text);

    WhatsAppConfig config =
        crm.asService()
            .whatsapp()
            .save(
                NewWhatsAppConfig.of(user.id(), "15550100", text)
                    .apiKey(text)
                    .businessAccountId(text)
                    .verifyToken(text));
    assertThat(List.of(config.webhookUrl(), config.apiKey().orElseThrow())).containsOnly(text);
    assertThat(config.businessAccountId()).contains(text);
    assertThat(crm.asService().whatsapp().find(user.id())).contains(config);

    TenantScope tenant = newTenant();
    Customer customer = tenant.customers().create(new NewCustomer(text, text));
    OrderWithItems order =
        tenant
            .orders()
            .place(
                NewOrder.of(customer.id(), List.of(new NewOrderItem(text, 1, BigDecimal.ONE)))
                    .status(new OrderStatus(text))
                    .notes(text)
                    .shippingAddress(text));
    assertThat(order.items().get(0).name()).isEqualTo(text);
    assertThat(order.order().status().value()).isEqualTo(text);
    assertThat(tenant.orders().find(order.order().id())).contains(order);
    assertThat(tenant.orders().changeNotes(order.order().id(), Optional.of(text)).notes())
        .contains(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\0", "\ud83d", "\udc00x", "\udc00\ud83d"})
  void whatIsNoTextIsRefused(String noText) {
    Thrown.invalid(Kind.NOT_TEXT, () -> new NewUser(noText, "a@b", UserRole.AGENT));
    Thrown.invalid(Kind.NOT_TEXT, () -> new NewUser("a", noText, UserRole.AGENT));
    Thrown.invalid(Kind.NOT_TEXT, () -> new NewCustomer(noText, "1"));
    Thrown.invalid(Kind.NOT_TEXT, () -> new NewCustomer("a", noText));
    Thrown.invalid(Kind.NOT_TEXT, () -> new NewOrderItem(noText, 1, BigDecimal.ONE));
    Thrown.invalid(Kind.NOT_TEXT, () -> new OrderStatus(noText));
    Thrown.invalid(Kind.NOT_TEXT, () -> NewOrder.of(1, List.of()).shippingAddress(noText));
    Thrown.invalid(Kind.NOT_TEXT, () -> NewWhatsAppConfig.of(admin.id(), noText, "url"));
    Thrown.invalid(Kind.NOT_TEXT, () -> NewWhatsAppConfig.of(admin.id(), "1", noText));
    CustomerRepository customers = crm.asAgent("never_asked").customers();
    Thrown.invalid(Kind.NOT_TEXT, () -> customers.rename(1, noText));
    Thrown.invalid(Kind.NOT_TEXT, () -> customers.changePhone(1, noText));
    Thrown.invalid(Kind.NOT_TEXT, () -> customers.findByPhone(noText));
    Thrown.invalid(Kind.NOT_TEXT, () -> customers.findOrCreateByPhone(noText, "a"));
  }

  /** Incompressible, so that an index can't make it small. */
  @Test
  void aMegabyteIsKeptOrRefusedAsTooLong() {
    StringBuilder megabyte = new StringBuilder();
    Random random = new Random(1);
    while (megabyte.length() < 1 << 20) {
      megabyte.append((char) ('!' + random.nextInt(90)));
    }
    String text = megabyte.toString();
    TenantScope tenant = newTenant();
    CustomerRepository customers = tenant.customers();
    Customer ada = customers.create(new NewCustomer(text, "1"));
    assertThat(customers.find(ada.id()).orElseThrow().name()).isEqualTo(text);
    OrderWithItems order =
        tenant
            .orders()
            .place(
                NewOrder.of(ada.id(), List.of(new NewOrderItem(text, 1, BigDecimal.ONE)))
                    .notes(text)
                    .shippingAddress(text));
    assertThat(tenant.orders().find(order.order().id())).contains(order);

    // The column phone has an index, whose entries are bounded.
    Thrown.invalid(Kind.TOO_LONG, () -> customers.create(new NewCustomer("Bo", text)));
    Thrown.invalid(Kind.TOO_LONG, () -> customers.changePhone(ada.id(), text));
    Thrown.invalid(Kind.TOO_LONG, () -> customers.findOrCreateByPhone(text, "Bo"));
    assertThat(customers.findByPhone(text)).isEmpty();
    Thrown.invalid(Kind.TOO_LONG, () -> new NewUser(text, "a@b", UserRole.AGENT));
    Thrown.invalid(Kind.TOO_LONG, () -> new OrderStatus(text));
  }
}
