package dev.dovetable.core.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.Crm;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.webhooks.UnroutedWebhook.Reason;
import dev.dovetable.core.webhooks.WebhookBodies.Text;
import dev.dovetable.core.webhooks.WebhookReport.Outcome;
import dev.dovetable.core.webhooks.WebhookReport.Result;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
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
    crm.whatsapp().delete(shop.agent().userId().orElseThrow());
    Agent later = newAgent();
    String inactive =
        WebhookBodies.body(shop.phoneNumberId(), Text.from("wamid.1", "15550100", "Ada", 1));
    String unknown = WebhookBodies.body("4711", Text.from("wamid.2", "15550100", "Ada", 2));
    String account =
        "{\"entry\":[{\"id\":\"1\",\"changes\":[{\"field\":\"account_update\",\"value\":{}}]}]}";
    for (String body : List.of(inactive, unknown, account, "no JSON", "", inactive)) {
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
            Reason.NO_MESSAGES,
            Reason.UNREADABLE,
            Reason.UNREADABLE);
    assertThat(kept.get(1).phoneNumberId()).contains("4711");
    assertThat(kept.get(3).body()).isEqualTo("no JSON");
    assertThat(kept.get(4).body()).isEmpty();
    assertThat(kept.get(1).toString()).doesNotContain("15550100");

    crm.whatsapp()
        .save(
            NewWhatsAppConfig.of(later.userId().orElseThrow(), "15550199", "https://x.example")
                .phoneNumberId("4711"));
    WebhookReport replayed =
        receiver.webhooks().replay(kept.stream().map(UnroutedWebhook::id).toList());

    assertThat(replayed.failures()).isEmpty();
    assertThat(replayed.count(Outcome.STORED)).isOne();
    assertThat(crm.tenant(later.prefix()).messages().list(PAGE).items()).hasSize(1);
    assertThat(receiver.webhooks().unrouted(PAGE).items())
        .extracting(UnroutedWebhook::id)
        .containsExactly(kept.get(0).id(), kept.get(2).id(), kept.get(3).id(), kept.get(4).id());
    assertThat(receiver.webhooks().purge(Duration.ofDays(1))).isZero();
    assertThat(receiver.webhooks().purge(Duration.ZERO)).isEqualTo(4);
    assertThat(receiver.webhooks().replay(List.of(kept.get(0).id())).results()).isEmpty();
  }

  @Test
  void numberOfTwoConfigurationsAndOneWithoutAgentLeadNowhere() {
    Agent other = newAgent();
    crm.whatsapp()
        .save(
            NewWhatsAppConfig.of(other.userId().orElseThrow(), "15550199", "https://x.example")
                .phoneNumberId(shop.phoneNumberId()));
    crm.whatsapp()
        .save(
            NewWhatsAppConfig.of(admin.id(), "15550199", "https://x.example")
                .phoneNumberId("admins"));

    receive(WebhookBodies.body(shop.phoneNumberId(), Text.from("wamid.1", "15550100", "Ada", 1)));
    receive(WebhookBodies.body("admins", Text.from("wamid.1", "15550100", "Ada", 1)));

    assertThat(receiver.webhooks().unrouted(PAGE).items())
        .extracting(UnroutedWebhook::reason)
        .containsExactly(Reason.AMBIGUOUS_NUMBER, Reason.NO_AGENT);
    crm.whatsapp().delete(admin.id());
  }

  @Test
  void onlyTheServiceSeesWhatWasKept() throws SQLException {
    receive("no JSON");
    Crm asUser = crm.as(Actor.user(shop.agent().userId().orElseThrow()));

    assertThatThrownBy(() -> asUser.webhooks().unrouted(PAGE))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> asUser.webhooks().handshake("subscribe", "x", "1"))
        .isInstanceOf(AccessDeniedException.class);
    assertThat(superuser("select count(*) from crm_private.unrouted_webhooks"))
        .containsExactly("1");
  }
}
