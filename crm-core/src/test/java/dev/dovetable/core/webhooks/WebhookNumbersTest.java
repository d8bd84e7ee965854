package dev.dovetable.core.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.deliveries.DeliveryRepository;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.messages.MessageDirection;
import dev.dovetable.core.messages.NewMessage;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.core.webhooks.UnroutedWebhook.Reason;
import dev.dovetable.core.webhooks.WebhookBodies.Status;
import dev.dovetable.core.webhooks.WebhookBodies.Text;
import dev.dovetable.core.webhooks.WebhookReport.Outcome;
import dev.dovetable.core.whatsapp.AgentNumbers;
import dev.dovetable.core.whatsapp.NumberDetails;
import dev.dovetable.core.whatsapp.WhatsAppConfigChanges;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Callbacks for agents with several numbers, and who wrote an answer. */
class WebhookNumbersTest extends WebhookTest {
  private static final PageRequest PAGE = PageRequest.first(100);

  private Business shop;
  private UUID owner;
  private String first;
  private String second;
  private AgentNumbers numbers;

  @BeforeEach
  void makeShop() {
    forgetUnrouted();
    shop = newBusiness();
    owner = shop.agent().userId().orElseThrow();
    first = shop.phoneNumberId();
    second = first + "b";
    numbers = crm.as(Actor.user(owner)).whatsapp().numbers(shop.agent().prefix());
    numbers.add(second, NumberDetails.none().label("Repairs"));
  }

  private static Text text(int n) {
    return Text.from("wamid." + n, "15550100", "Ada", n);
  }

  private Optional<String> number(Message message) {
    return shop.scope().deliveries().details(message.id()).orElseThrow().phoneNumberId();
  }

  @Test
  void twoNumbersOfOneAgentInOneBody() {
    WebhookReport report =
        receive(
            WebhookBodies.body(
                List.of(
                    WebhookBodies.change(second, List.of(text(1))),
                    WebhookBodies.change(first, List.of(text(2))))));

    assertThat(report.count(Outcome.STORED)).isEqualTo(2);
    Customer ada = shop.scope().customers().findByPhone("15550100").orElseThrow();
    List<Message> messages = shop.scope().messages().timelineOldestFirst(ada.id(), PAGE).items();
    assertThat(messages)
        .extracting(this::number)
        .containsExactly(Optional.of(second), Optional.of(first));
    assertThat(shop.scope().deliveries().numberForAnswer(ada.id())).contains(first);
  }

  @Test
  void anAnswerGoesThroughTheNumberThatTheCustomerWroteTo() {
    receive(WebhookBodies.body(second, text(1)));
    Customer ada = shop.scope().customers().findByPhone("15550100").orElseThrow();
    DeliveryRepository deliveries = shop.scope().deliveries();
    Message answer = deliveries.record(NewMessage.outbound(ada.id(), "Yes"), "wamid.answer");
    assertThat(deliveries.numberForAnswer(ada.id())).contains(second);
    assertThat(deliveries.find(answer.id()).orElseThrow().phoneNumberId()).isEmpty();

    receive(WebhookBodies.body(second, new Status("wamid.answer", "sent", 3)));
    assertThat(deliveries.find(answer.id()).orElseThrow().phoneNumberId()).contains(second);

    numbers.pause(second);
    assertThat(deliveries.numberForAnswer(ada.id())).contains(first);
    numbers.pause(first);
    assertThat(deliveries.numberForAnswer(ada.id())).isEmpty();
    assertThatThrownBy(
            () ->
                crm.as(Actor.user(newAgent().userId().orElseThrow()))
                    .tenant(shop.agent().prefix())
                    .deliveries()
                    .numberForAnswer(ada.id()))
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void eachNumberIsPausedMovedAndRemovedByItself() {
    Business other = newBusiness();
    receive(WebhookBodies.body(second, text(1)));
    numbers.pause(second);
    assertThat(reason(2)).isEqualTo(Reason.INACTIVE_CONFIGURATION);
    assertThat(receive(WebhookBodies.body(first, text(3))).count(Outcome.STORED)).isOne();

    crm.asService().whatsapp().numbers(shop.agent().prefix()).move(second, other.agent().prefix());
    crm.asService().whatsapp().numbers(other.agent().prefix()).resume(second);
    receive(WebhookBodies.body(second, text(4)));
    assertThat(other.scope().messages().list(PAGE).items()).hasSize(1);
    assertThat(shop.scope().messages().list(PAGE).items()).hasSize(2);
    // What came for the one is never the other's.
    List<Long> kept =
        receiver.webhooks().unrouted(PAGE).items().stream().map(UnroutedWebhook::id).toList();
    assertThat(receiver.webhooks().replay(kept).count(Outcome.KEPT_UNROUTED)).isOne();

    crm.asService().whatsapp().numbers(other.agent().prefix()).remove(second);
    forgetUnrouted();
    assertThat(reason(5)).isEqualTo(Reason.UNKNOWN_NUMBER);
  }

  private Reason reason(int message) {
    receive(WebhookBodies.body(second, text(message)));
    return receiver.webhooks().unrouted(PAGE).items().get(0).reason();
  }

  @Test
  void aHandshakeAsksForAnActiveNumber() {
    crm.asService().whatsapp().update(owner, WhatsAppConfigChanges.none().verifyToken(first));
    crm.asService().whatsapp().delete(owner);
    assertThat(receiver.webhooks().handshake("subscribe", first, "7")).contains("7");
    numbers.pause(second);
    assertThat(receiver.webhooks().handshake("subscribe", first, "7")).isEmpty();
  }

  @Test
  void whoWroteAnAnswerIsKept() {
    UUID colleague = newUser(UserRole.AGENT).id();
    crm.asService().agents().members(shop.agent().prefix()).add(colleague);
    TenantScope scope = crm.as(Actor.user(colleague)).tenant(shop.agent().prefix());
    Customer ada = scope.customers().findOrCreateByPhone("15550100", "Ada");

    Message answer = scope.deliveries().record(NewMessage.outbound(ada.id(), "a"), "wamid.a");
    Message linked = scope.messages().recordOutbound(ada.id(), "b");
    scope.deliveries().link(linked.id(), "wamid.b");
    Message question = scope.deliveries().record(NewMessage.inbound(ada.id(), "c"), "wamid.c");
    TenantScope service = crm.asService().tenant(shop.agent().prefix());
    Message automatic = service.deliveries().record(NewMessage.outbound(ada.id(), "d"), "wamid.d");
    receive(WebhookBodies.body(first, text(1)));

    assertThat(sender(answer)).contains(colleague);
    assertThat(sender(linked)).contains(colleague);
    assertThat(sender(question)).isEmpty();
    assertThat(sender(automatic)).isEmpty();
    assertThat(scope.deliveries().timeline(ada.id(), PAGE).items())
        .filteredOn(line -> line.message().equals(answer))
        .singleElement()
        .satisfies(line -> assertThat(line.delivery().orElseThrow().sentBy()).contains(colleague));
    assertThat(shop.scope().messages().timeline(ada.id(), PAGE).items())
        .filteredOn(message -> message.direction() == MessageDirection.INBOUND)
        .allSatisfy(message -> assertThat(sender(message)).isEmpty());
  }

  /** Not even by SQL: whoever writes it is entered. */
  @Test
  void nobodyWritesInAnothersName() {
    TenantScope scope = crm.as(Actor.user(owner)).tenant(shop.agent().prefix());
    Customer ada = scope.customers().findOrCreateByPhone("15550100", "Ada");
    Message message = scope.messages().recordOutbound(ada.id(), "a");
    String table = "crm." + shop.agent().prefix() + "_whatsapp_deliveries";
    scope
        .dsl()
        .query(
            "insert into {0} (provider_id, message_id, sent_by) values ('wamid.a', {1}, {2})",
            DSL.raw(table), DSL.val(message.id()), DSL.val(admin.id()))
        .execute();
    assertThat(sender(message)).contains(owner);
    scope
        .dsl()
        .query("update {0} set sent_by = {1} where true", DSL.raw(table), DSL.val(admin.id()))
        .execute();
    assertThat(sender(message)).contains(owner);
    scope.messages().delete(message.id());
    assertThat(scope.dsl().fetchValues("select sent_by from " + table)).containsOnlyNulls();
  }

  /** Else its sender would have written what somebody else wrote. */
  @Test
  void aDeliveryGetsNoOtherMessage() {
    TenantScope theirs = crm.as(Actor.user(owner)).tenant(shop.agent().prefix());
    Customer ada = theirs.customers().findOrCreateByPhone("15550100", "Ada");
    Message answer = theirs.deliveries().record(NewMessage.outbound(ada.id(), "a"), "wamid.a");
    UUID colleague = newUser(UserRole.AGENT).id();
    crm.asService().agents().members(shop.agent().prefix()).add(colleague);
    TenantScope scope = crm.as(Actor.user(colleague)).tenant(shop.agent().prefix());
    Message words = scope.messages().recordOutbound(ada.id(), "b");
    String change =
        "update crm." + shop.agent().prefix() + "_whatsapp_deliveries set message_id = ";

    assertThatThrownBy(() -> scope.dsl().execute(change + words.id()))
        .isInstanceOf(AccessDeniedException.class);
    assertThat(scope.dsl().execute(change + answer.id())).isOne();
    assertThat(sender(answer)).contains(owner);
    scope.dsl().execute(change + "null");
    assertThatThrownBy(() -> scope.dsl().execute(change + words.id()))
        .isInstanceOf(AccessDeniedException.class);
    assertThat(crm.asService().tenant(shop.agent().prefix()).dsl().execute(change + words.id()))
        .isOne();
    assertThat(sender(words)).isEmpty();
  }

  /** Nor one that was sent before there was a message to it. */
  @Test
  void aDeliveryWithoutMessageGetsNoSender() {
    UUID colleague = newUser(UserRole.AGENT).id();
    crm.asService().agents().members(shop.agent().prefix()).add(colleague);
    TenantScope scope = crm.as(Actor.user(colleague)).tenant(shop.agent().prefix());
    String table = "crm." + shop.agent().prefix() + "_whatsapp_deliveries";
    scope.dsl().execute("insert into " + table + " (provider_id) values ('wamid.a')");
    scope.dsl().execute("update " + table + " set sent_by = ? where true", owner);
    assertThat(scope.dsl().fetchValues("select sent_by from " + table)).containsOnlyNulls();
  }

  @Test
  void withoutItsUserAnAgentKeepsItsNumbers() {
    crm.asService().users().delete(owner);
    for (String number : List.of(first, second)) {
      receive(WebhookBodies.body(number, text(number.length())));
      assertThat(receiver.webhooks().unrouted(PAGE).items().get(0).reason())
          .isEqualTo(Reason.NO_AGENT);
      forgetUnrouted();
    }
  }

  private Optional<UUID> sender(Message message) {
    return shop.scope().deliveries().find(message.id()).orElseThrow().sentBy();
  }
}
