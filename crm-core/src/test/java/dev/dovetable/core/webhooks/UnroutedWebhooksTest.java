package dev.dovetable.core.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.webhooks.UnroutedWebhook.Reason;
import dev.dovetable.core.webhooks.WebhookBodies.Text;
import dev.dovetable.core.webhooks.WebhookReport.Outcome;
import dev.dovetable.core.webhooks.WebhookReport.Result;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import dev.dovetable.core.whatsapp.WhatsAppConfigChanges;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What leads to no agent, or can't be understood. */
class UnroutedWebhooksTest extends WebhookTest {
  private static final PageRequest PAGE = PageRequest.first(100);

  private Business shop;

  @BeforeEach
  void makeShop() {
    forgetUnrouted();
    shop = newBusiness();
  }

  @Test
  void whatLeadsNowhereIsKeptUntilItsCauseIsMended() {
    crm.asService().whatsapp().delete(shop.agent().userId().orElseThrow());
    Agent later = newAgent();
    String inactive =
        WebhookBodies.body(shop.phoneNumberId(), Text.from("wamid.1", "15550100", "Ada", 1));
    String unknown = WebhookBodies.body("4711", Text.from("wamid.2", "15550100", "Ada", 2));
    String noShape =
        "{\"entry\":[{\"id\":\"1\",\"changes\":[{\"field\":\"messages\",\"value\":{}}]}]}";
    for (String body : List.of(inactive, unknown, noShape, "no JSON", "", inactive)) {
      WebhookReport report = receive(body);
      assertThat(report.httpStatus()).isEqualTo(200);
      assertThat(report.results()).extracting(Result::outcome).containsOnly(Outcome.KEPT_UNROUTED);
    }

    List<UnroutedWebhook> kept = receiver.webhooks().unrouted(PAGE).items();
    assertThat(kept)
        .extracting(UnroutedWebhook::reason)
        .containsExactly(
            Reason.INACTIVE_CONFIGURATION,
            Reason.UNKNOWN_NUMBER,
            Reason.NOT_UNDERSTOOD,
            Reason.UNREADABLE,
            Reason.UNREADABLE);
    assertThat(kept.get(1).phoneNumberId()).contains("4711");
    assertThat(receiver.webhooks().unroutedBody(kept.get(3).id())).contains("no JSON");
    assertThat(receiver.webhooks().unroutedBody(kept.get(4).id())).contains("");
    assertThat(receiver.webhooks().unroutedBody(kept.get(4).id() + 1)).isEmpty();
    assertThat(kept.get(1).toString()).doesNotContain("15550100");

    crm.asService()
        .whatsapp()
        .save(
            NewWhatsAppConfig.of(later.userId().orElseThrow(), "15550199", "https://x.example")
                .phoneNumberId("4711"));
    WebhookReport replayed =
        receiver.webhooks().replay(kept.stream().map(UnroutedWebhook::id).toList());

    assertThat(replayed.failures()).isEmpty();
    assertThat(replayed.count(Outcome.STORED)).isOne();
    assertThat(crm.asAgent(later.prefix()).messages().list(PAGE).items()).hasSize(1);
    assertThat(receiver.webhooks().unrouted(PAGE).items())
        .extracting(UnroutedWebhook::id)
        .containsExactly(kept.get(0).id(), kept.get(2).id(), kept.get(3).id(), kept.get(4).id());
    assertThat(receiver.webhooks().purge(Duration.ofDays(1))).isZero();
    assertThatThrownBy(() -> receiver.webhooks().purge(Duration.ofDays(-1)))
        .isInstanceOf(InvalidDataException.class)
        .hasMessageContaining("negative duration");
    assertThat(receiver.webhooks().purge(Duration.ZERO)).isEqualTo(4);
    assertThat(receiver.webhooks().replay(List.of(kept.get(0).id())).results()).isEmpty();
  }

  @Test
  void whatWasKeptIsListedAndRemovedByReasonAndByNumber() {
    for (String number : List.of("4711", "4712")) {
      for (int i = 0; i < 3; i++) {
        receive(WebhookBodies.body(number, Text.from("wamid." + i, "15550100", "Ada", i)));
      }
    }
    receive("no JSON");
    UnroutedFilter one = UnroutedFilter.all().ofNumber("4711").ofReason(Reason.UNKNOWN_NUMBER);
    Webhooks webhooks = receiver.webhooks();

    Page<UnroutedWebhook> first = webhooks.unrouted(one, PageRequest.first(2));
    assertThat(first.items())
        .extracting(UnroutedWebhook::phoneNumberId)
        .containsOnly(Optional.of("4711"));
    assertThat(webhooks.unrouted(one, new PageRequest(2, first.next())).items()).hasSize(1);
    assertThat(webhooks.unrouted(one.ofReason(Reason.UNREADABLE), PAGE).items()).isEmpty();

    assertThat(webhooks.purge(one, Duration.ZERO)).isEqualTo(3);
    assertThat(webhooks.purge(UnroutedFilter.all().ofReason(Reason.UNREADABLE), Duration.ZERO))
        .isOne();
    assertThat(reasons())
        .containsExactly(Reason.UNKNOWN_NUMBER, Reason.UNKNOWN_NUMBER, Reason.UNKNOWN_NUMBER);
  }

  /** Of an earlier release, which kept news here. */
  @Test
  void newsOfAnEarlierReleaseGoesToItsPlace() throws SQLException {
    asSuperuser(
        "insert into crm_private.unrouted_webhooks (reason, body) values ('NO_MESSAGES', convert_to("
            + "'{\"entry\":[{\"id\":\"1\",\"changes\":[{\"field\":\"account_update\",\"value\":{\"event\":\"X\"}}]}]}', 'UTF8'))");

    assertThat(reasons()).containsExactly(Reason.NO_MESSAGES);
    assertThat(replay().count(Outcome.NEWS)).isOne();
    assertThat(reasons()).isEmpty();
  }

  @Test
  void numberOfAUserWithoutAgentLeadsNowhere() {
    crm.asService()
        .whatsapp()
        .save(
            NewWhatsAppConfig.of(admin.id(), "15550199", "https://x.example")
                .phoneNumberId("admins"));
    receive(WebhookBodies.body("admins", Text.from("wamid.1", "15550100", "Ada", 1)));

    assertThat(receiver.webhooks().unrouted(PAGE).items())
        .extracting(UnroutedWebhook::reason)
        .containsExactly(Reason.NO_AGENT);
    crm.asService().whatsapp().delete(admin.id());
  }

  /**
   * Another agent may have the number by now: it gets nothing that was written to somebody else.
   */
  @Test
  void whatCameBeforeAnAgentHadTheNumberIsNeverItsOwn() {
    UUID seller = shop.agent().userId().orElseThrow();
    Business other = newBusiness();
    UUID buyer = other.agent().userId().orElseThrow();
    String number = shop.phoneNumberId();

    // Paused; then nobody's; and two parts in one body.
    crm.asService().whatsapp().delete(seller);
    receive(WebhookBodies.body(number, Text.from("wamid.1", "15550100", "Ada", 1)));
    crm.asService().whatsapp().update(seller, WhatsAppConfigChanges.none().withoutPhoneNumberId());
    receive(WebhookBodies.body(number, Text.from("wamid.2", "15550100", "Ada", 2)));
    receive(
        WebhookBodies.body(
            List.of(
                WebhookBodies.change(number, List.of(Text.from("wamid.3", "15550100", "Ada", 3))),
                WebhookBodies.change(
                    "4712", List.of(Text.from("wamid.4", "15550100", "Ada", 4))))));
    assertThat(reasons())
        .containsExactly(
            Reason.INACTIVE_CONFIGURATION,
            Reason.UNKNOWN_NUMBER,
            Reason.UNKNOWN_NUMBER,
            Reason.UNKNOWN_NUMBER);

    crm.asService().whatsapp().update(buyer, WhatsAppConfigChanges.none().phoneNumberId(number));
    for (int round = 0; round < 2; round++) {
      assertThat(replay().count(Outcome.KEPT_UNROUTED)).isEqualTo(4);
      assertThat(other.scope().messages().list(PAGE).items()).isEmpty();
    }
    // What comes now is its own, and stays so.
    receive(WebhookBodies.body(number, Text.from("wamid.5", "15550100", "Ada", 5)));
    crm.asService().whatsapp().delete(buyer);
    receive(WebhookBodies.body(number, Text.from("wamid.6", "15550100", "Ada", 6)));
    crm.asService().whatsapp().update(buyer, WhatsAppConfigChanges.none().active(true));
    assertThat(replay().count(Outcome.STORED)).isOne();
    assertThat(other.scope().messages().list(PAGE).items()).hasSize(2);

    crm.asService().whatsapp().update(buyer, WhatsAppConfigChanges.none().withoutPhoneNumberId());
    crm.asService()
        .whatsapp()
        .update(seller, WhatsAppConfigChanges.none().phoneNumberId(number).active(true));
    assertThat(replay().count(Outcome.STORED)).isEqualTo(3);
    assertThat(shop.scope().messages().list(PAGE).items()).hasSize(3);
    assertThat(other.scope().messages().list(PAGE).items()).hasSize(2);
  }

  /** The number is its user's, who may come to work as another agent. */
  @Test
  void whatCameForOneAgentOfAUserIsNotTheNextOnes() {
    UUID seller = shop.agent().userId().orElseThrow();
    crm.asService().whatsapp().delete(seller);
    receive(WebhookBodies.body(shop.phoneNumberId(), Text.from("wamid.1", "15550100", "Ada", 1)));
    crm.asService().agents().delete(shop.agent().id());
    Agent next = crm.asService().agents().create(seller, shop.agent().prefix() + "b", admin.id());
    crm.asService().whatsapp().update(seller, WhatsAppConfigChanges.none().active(true));

    assertThat(replay().count(Outcome.KEPT_UNROUTED)).isOne();
    receive(WebhookBodies.body(shop.phoneNumberId(), Text.from("wamid.2", "15550100", "Ada", 2)));

    assertThat(crm.asAgent(next.prefix()).messages().list(PAGE).items()).hasSize(1);
  }

  @Test
  void whatIsKeptIsALineAtWarnWithoutTheNumber() {
    PrintStream before = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      receive(WebhookBodies.body("4713", Text.from("wamid.1", "15550100", "Ada", 1)));
    } finally {
      System.setErr(before);
    }

    assertThat(log.toString(StandardCharsets.UTF_8))
        .contains("WARN", "UNKNOWN_NUMBER 1", "crm.webhooks().unrouted(")
        .doesNotContain("4713", "15550100", "Ada", "wamid");
  }

  private static List<Reason> reasons() {
    return receiver.webhooks().unrouted(PAGE).items().stream()
        .map(UnroutedWebhook::reason)
        .toList();
  }

  private static WebhookReport replay() {
    return receiver
        .webhooks()
        .replay(
            receiver.webhooks().unrouted(PAGE).items().stream().map(UnroutedWebhook::id).toList());
  }

  @Test
  void onlyTheServiceSeesWhatWasKept() throws SQLException {
    receive("no JSON");
    Actor user = Actor.user(shop.agent().userId().orElseThrow());
    DSLContext asUser = crm.as(user).tenant(shop.agent().prefix()).dsl();

    assertThatThrownBy(() -> asUser.fetch("select * from crm_private.unrouted_webhooks"))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> asUser.fetch("select verify_token from crm.whatsapp_configuration"))
        .isInstanceOf(AccessDeniedException.class);
    assertThat(superuser("select count(*) from crm_private.unrouted_webhooks"))
        .containsExactly("1");
  }
}
