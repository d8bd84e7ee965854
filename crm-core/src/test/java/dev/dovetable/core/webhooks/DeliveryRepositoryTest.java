package dev.dovetable.core.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.deliveries.DeliveryRepository;
import dev.dovetable.core.fixture.Concurrently;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.fixture.Thrown;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.messages.MessageDirection;
import dev.dovetable.core.messages.NewMessage;
import dev.dovetable.core.webhooks.WebhookBodies.Status;
import java.time.Instant;
import java.util.List;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeliveryRepositoryTest extends WebhookTest {
  private static final Instant NOON = Instant.parse("2026-03-29T12:00:00Z");

  private Business shop;
  private TenantScope scope;
  private Customer ada;

  @BeforeEach
  void makeShop() {
    shop = newBusiness();
    scope = shop.scope();
    ada = scope.customers().create(new NewCustomer("Ada", "15550100"));
  }

  @Test
  void recordsAMessageWithWhatsAppsIdOnce() {
    NewMessage message = NewMessage.outbound(ada.id(), "hi").at(NOON);

    Message first = scope.deliveries().record(message, "wamid.1");
    Message second = scope.deliveries().record(message, "wamid.1");

    assertThat(first)
        .isEqualTo(new Message(first.id(), ada.id(), "hi", MessageDirection.OUTBOUND, NOON));
    assertThat(second).isEqualTo(first);
    assertThat(scope.messages().count(ada.id())).isOne();
    assertThat(scope.deliveries().findMessage("wamid.1")).contains(first);
    assertThat(scope.deliveries().find(first.id()).orElseThrow().state()).isEmpty();
    assertThat(scope.deliveries().details(first.id())).isEmpty();
  }

  @Test
  void recordsOneOfSeveralAtTheSameMoment() throws Exception {
    List<Object> all =
        Concurrently.run(
            4,
            thread -> {
              try {
                return scope.deliveries().record(NewMessage.outbound(ada.id(), "hi"), "wamid.1");
              } catch (InvalidDataException e) {
                return e.kind();
              }
            });

    assertThat(all)
        .allSatisfy(
            one ->
                assertThat(one)
                    .isIn(
                        scope.deliveries().findMessage("wamid.1").orElseThrow(),
                        InvalidDataException.Kind.NOT_UNIQUE));
    assertThat(scope.messages().count(ada.id())).isOne();
  }

  @Test
  void linksAMessageToOneIdAndAnIdToOneMessage() {
    Message one = scope.messages().recordOutbound(ada.id(), "one");
    Message two = scope.messages().recordOutbound(ada.id(), "two");
    DeliveryRepository deliveries = scope.deliveries();

    deliveries.link(one.id(), "wamid.1");
    deliveries.link(one.id(), "wamid.1");

    Thrown.invalid(
        InvalidDataException.Kind.NOT_UNIQUE, () -> deliveries.link(two.id(), "wamid.1"));
    Thrown.invalid(
        InvalidDataException.Kind.NOT_UNIQUE, () -> deliveries.link(one.id(), "wamid.2"));
    assertThatThrownBy(() -> deliveries.link(-1, "wamid.3")).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> deliveries.record(NewMessage.outbound(-1, "x"), "wamid.3"))
        .isInstanceOf(NotFoundException.class);
    Thrown.invalid(InvalidDataException.Kind.MISSING, () -> deliveries.link(two.id(), " "));
    assertThat(deliveries.findMessage("wamid.1")).contains(one);
    assertThat(deliveries.details(one.id())).isEmpty();
    assertThat(deliveries.find(two.id())).isEmpty();
  }

  @Test
  void deletedMessageKeepsItsIdAndItsStatuses() {
    Message sent = scope.deliveries().record(NewMessage.outbound(ada.id(), "hi"), "wamid.1");
    scope.messages().delete(sent.id());

    receive(WebhookBodies.body(shop.phoneNumberId(), new Status("wamid.1", "read", 1)));

    assertThat(scope.deliveries().find(sent.id())).isEmpty();
    assertThat(scope.deliveries().findMessage("wamid.1")).isEmpty();
    assertThatThrownBy(
            () -> scope.deliveries().record(NewMessage.outbound(ada.id(), "hi"), "wamid.1"))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void withoutItsTablesAnAgentSaysWhatToRun() throws Exception {
    asSuperuser(
        "drop table crm.%1$s_whatsapp_statuses; delete from crm_private.agent_versions where agent_id = %2$s"
            .formatted(shop.agent().prefix(), shop.agent().id()));

    assertThatThrownBy(() -> scope.deliveries().find(1))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(RefusedException.Reason.WEBHOOKS_NOT_REGISTERED);
              assertThat(e.remedy()).contains("Webhooks.extension()", ".schema(\"crm\")");
            });
    Thrown.refused(
        RefusedException.Reason.WEBHOOKS_NOT_REGISTERED,
        () -> receive(WebhookBodies.body(shop.phoneNumberId(), new Status("wamid.1", "read", 1))));
  }

  /** What one agent's webhooks, or user, do stays in that agent's tables. */
  @Test
  void nothingReachesAnotherAgent() throws Exception {
    Business other = newBusiness();
    receive(
        WebhookBodies.body(
            other.phoneNumberId(), WebhookBodies.Text.from("wamid.9", "15550100", "Ada", 1)));
    List<String> before = other.contents();

    receive(
        WebhookBodies.body(
            shop.phoneNumberId(),
            WebhookBodies.Text.from("wamid.9", "15550100", "US.1", "Eve", 0),
            new Status("wamid.9", "read", 1)));
    Actor intruder = Actor.user(shop.agent().userId().orElseThrow());
    TenantScope there = crm.as(intruder).tenant(other.agent().prefix());
    Message own = scope.messages().recordOutbound(ada.id(), "x");
    assertThatThrownBy(() -> there.deliveries().link(own.id(), "wamid.1"))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(
            () -> there.deliveries().record(NewMessage.outbound(ada.id(), "x"), "wamid.1"))
        .isInstanceOf(AccessDeniedException.class);
    String content =
        "{\"senders\":[{\"number\":1,\"user_id\":\"\",\"phone\":\"1\",\"match_key\":\"1\","
            + "\"kind\":\"person\",\"first_seen\":\"2026-01-01 00:00:00.000000 x\","
            + "\"last_seen\":\"2026-01-01 00:00:00.000000 x\",\"source\":\"x\",\"locks\":[1]}],"
            + "\"messages\":[{\"provider_id\":\"x\","
            + "\"sender\":1,\"direction\":\"inbound\",\"text\":\"x\",\"sent_at\":\"2026-01-01 00:00:00\","
            + "\"kind\":\"text\",\"payload\":{}}],\"statuses\":[]}";
    assertThatThrownBy(
            () ->
                there
                    .dsl()
                    .fetch(
                        "select crm_private.store_webhook({0}, {1}::jsonb)",
                        DSL.val(other.agent().prefix()), DSL.val(content)))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(
            () ->
                there
                    .dsl()
                    .execute(
                        "insert into {0} (provider_id, failed_at) values ('wamid.9', now())",
                        DSL.name(Installed.SCHEMA, other.agent().prefix() + "_whatsapp_statuses")))
        .isInstanceOf(AccessDeniedException.class);

    assertThat(other.contents()).isEqualTo(before);
  }
}
