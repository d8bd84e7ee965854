package dev.dovetable.core.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.deliveries.Delivery;
import dev.dovetable.core.deliveries.DeliveryState;
import dev.dovetable.core.deliveries.MessageDetails;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.messages.MessageDirection;
import dev.dovetable.core.messages.NewMessage;
import dev.dovetable.core.webhooks.WebhookBodies.Status;
import dev.dovetable.core.webhooks.WebhookBodies.Text;
import dev.dovetable.core.webhooks.WebhookReport.Outcome;
import dev.dovetable.core.webhooks.WebhookReport.Result;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebhooksTest extends WebhookTest {
  private static final PageRequest PAGE = PageRequest.first(100);
  private Business shop;

  @BeforeEach
  void makeShop() {
    forgetUnrouted();
    shop = newBusiness();
  }

  @Test
  void messageIsStoredOnceWithItsCustomerDetailsAndTime() {
    String body =
        WebhookBodies.body(shop.phoneNumberId(), Text.from("wamid.1", "15550100", "Ada", 7));

    WebhookReport first = receive(body);
    WebhookReport second = receive(body);

    Message message = shop.scope().messages().list(PAGE).items().get(0);
    assertThat(message.text()).isEqualTo("text of wamid.1");
    assertThat(message.direction()).isEqualTo(MessageDirection.INBOUND);
    assertThat(message.timestamp()).isEqualTo(Instant.ofEpochSecond(WebhookBodies.second(7)));
    assertThat(first.results()).containsExactly(result(Outcome.STORED, "wamid.1", message.id()));
    assertThat(second.results())
        .containsExactly(result(Outcome.DUPLICATE, "wamid.1", message.id()));
    assertThat(first.httpStatus()).isEqualTo(200);
    assertThat(second.httpStatus()).isEqualTo(200);
    Customer ada = shop.scope().customers().find(message.customerId()).orElseThrow();
    assertThat(ada.name()).isEqualTo("Ada");
    assertThat(ada.phone()).isEqualTo("15550100");
    MessageDetails details = shop.scope().deliveries().details(message.id()).orElseThrow();
    assertThat(details.kind()).isEqualTo("text");
    assertThat(details.payload()).contains("\"text of wamid.1\"");
    assertThat(shop.scope().deliveries().findMessage("wamid.1")).contains(message);
    assertThat(shop.scope().messages().list(PAGE).items()).hasSize(1);
    assertThat(receiver.webhooks().unrouted(PAGE).items()).isEmpty();
  }

  @Test
  void copiesInOneBodyAreStoredOnce() {
    Text text = Text.from("wamid.1", "15550100", "Ada", 7);

    WebhookReport report =
        receive(
            WebhookBodies.body(
                List.of(
                    WebhookBodies.change(shop.phoneNumberId(), List.of(text)),
                    WebhookBodies.change(shop.phoneNumberId(), List.of(text)))));

    assertThat(report.results())
        .extracting(Result::outcome)
        .containsExactly(Outcome.STORED, Outcome.DUPLICATE);
    assertThat(shop.scope().messages().list(PAGE).items()).hasSize(1);
  }

  @Test
  void deletedMessageDoesNotComeBackNorItsCustomer() {
    String body =
        WebhookBodies.body(shop.phoneNumberId(), Text.from("wamid.1", "15550100", "Ada", 7));
    receive(body);
    Customer ada = shop.scope().customers().findByPhone("15550100").orElseThrow();
    shop.scope().customers().delete(ada.id());

    assertThat(receive(body).results())
        .containsExactly(
            new Result(
                Outcome.DUPLICATE,
                Optional.of(shop.agent().prefix()),
                Optional.of("wamid.1"),
                Optional.empty(),
                Optional.empty(),
                Optional.of("text"),
                Optional.of(MessageDirection.INBOUND),
                false));
    assertThat(shop.scope().customers().count()).isZero();

    receive(WebhookBodies.body(shop.phoneNumberId(), Text.from("wamid.2", "15550100", "Ada", 8)));
    assertThat(shop.scope().customers().count()).isOne();
  }

  @Test
  void ofADeletedMessageOnlyItsIdStays() throws Exception {
    receive(WebhookBodies.body(shop.phoneNumberId(), Text.from("wamid.1", "15550100", "Ada", 7)));
    receive(WebhookBodies.body(shop.phoneNumberId(), Text.from("wamid.2", "15550101", "Bo", 8)));
    String rows =
        "select jsonb_strip_nulls(to_jsonb(d))::text from crm.%s_whatsapp_deliveries d order by 1"
            .formatted(shop.agent().prefix());
    assertThat(superuser(rows)).hasSize(2).allMatch(row -> row.contains("text of wamid"));

    shop.scope()
        .messages()
        .delete(shop.scope().deliveries().findMessage("wamid.1").orElseThrow().id());
    shop.scope()
        .customers()
        .delete(shop.scope().customers().findByPhone("15550101").orElseThrow().id());

    assertThat(superuser(rows))
        .containsExactly("{\"provider_id\": \"wamid.1\"}", "{\"provider_id\": \"wamid.2\"}");
  }

  @Test
  void eachAgentsPartGoesToItsAgent() {
    Business bikes = newBusiness();

    WebhookReport report =
        receive(
            WebhookBodies.body(
                List.of(
                    WebhookBodies.change(
                        shop.phoneNumberId(), List.of(Text.from("wamid.1", "15550100", "Ada", 1))),
                    WebhookBodies.change(
                        bikes.phoneNumberId(), List.of(Text.from("wamid.2", "15550100", "Ada", 2))),
                    WebhookBodies.change(
                        "nobody's", List.of(Text.from("wamid.3", "15550100", "Ada", 3))))));

    assertThat(report.results())
        .extracting(Result::prefix, Result::outcome)
        .containsExactly(
            tuple(Optional.of(shop.agent().prefix()), Outcome.STORED),
            tuple(Optional.of(bikes.agent().prefix()), Outcome.STORED),
            tuple(Optional.empty(), Outcome.KEPT_UNROUTED));
    assertThat(shop.scope().messages().list(PAGE).items()).hasSize(1);
    assertThat(bikes.scope().messages().list(PAGE).items()).hasSize(1);
  }

  @Test
  void statusesMoveForwardWhateverTheirOrder() {
    Customer ada = shop.scope().customers().create(new NewCustomer("Ada", "15550100"));
    Message sent =
        shop.scope().deliveries().record(NewMessage.outbound(ada.id(), "hi"), "wamid.out");

    WebhookReport report =
        receive(
            WebhookBodies.body(
                shop.phoneNumberId(),
                new Status("wamid.out", "read", 9),
                new Status("wamid.out", "sent", 1),
                new Status("wamid.later", "delivered", 4)));
    receive(
        WebhookBodies.body(
            shop.phoneNumberId(),
            new Status("wamid.out", "delivered", 5),
            new Status("wamid.out", "read", 8)));

    assertThat(report.results())
        .extracting(Result::outcome)
        .containsExactly(Outcome.STATUS_APPLIED, Outcome.STATUS_APPLIED, Outcome.STATUS_WAITING);
    Delivery delivery = shop.scope().deliveries().find(sent.id()).orElseThrow();
    assertThat(delivery.state()).contains(DeliveryState.READ);
    assertThat(delivery.times())
        .containsOnlyKeys(DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.READ);
    assertThat(delivery.at(DeliveryState.READ))
        .contains(Instant.ofEpochSecond(WebhookBodies.second(8)));
    assertThat(delivery.errors()).isEqualTo("[]");

    Message later = shop.scope().messages().recordOutbound(ada.id(), "later");
    assertThat(shop.scope().deliveries().find(later.id())).isEmpty();
    shop.scope().deliveries().link(later.id(), "wamid.later");
    assertThat(shop.scope().deliveries().find(later.id()).orElseThrow().state())
        .contains(DeliveryState.DELIVERED);
  }

  @Test
  void failureKeepsItsErrors() {
    receive(
        WebhookBodies.body(
            shop.phoneNumberId(),
            new Status("wamid.out", "failed", 7),
            new Status("wamid.out", "failed", 3),
            new Status("wamid.out", "read", 9)));
    Customer ada = shop.scope().customers().create(new NewCustomer("Ada", "15550100"));
    Message sent =
        shop.scope().deliveries().record(NewMessage.outbound(ada.id(), "hi"), "wamid.out");

    Delivery delivery = shop.scope().deliveries().find(sent.id()).orElseThrow();
    assertThat(delivery.state()).contains(DeliveryState.FAILED);
    assertThat(delivery.errors()).isEqualTo("[{\"code\": 131003}]");
  }

  private Result result(Outcome outcome, String providerId, int messageId) {
    return new Result(
        outcome,
        Optional.of(shop.agent().prefix()),
        Optional.of(providerId),
        Optional.of(messageId),
        shop.scope().messages().find(messageId).map(Message::customerId),
        Optional.of("text"),
        Optional.of(MessageDirection.INBOUND),
        false);
  }
}
