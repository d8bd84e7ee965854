package dev.dovetable.core.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.core.webhooks.UnroutedWebhook.Reason;
import dev.dovetable.core.webhooks.WebhookBodies.Text;
import dev.dovetable.core.webhooks.WebhookReport.Outcome;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import dev.dovetable.core.whatsapp.WhatsAppConfigChanges;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A user without an agent may have had a number, too: what came then is no other agent's. */
class NumberHoldersTest extends WebhookTest {
  private static final PageRequest PAGE = PageRequest.first(100);

  private Business shop;
  private UUID owner;
  private UUID loner;

  @BeforeEach
  void makePeople() {
    forgetUnrouted();
    shop = newBusiness();
    owner = shop.agent().userId().orElseThrow();
    loner = newUser(UserRole.AGENT).id();
  }

  private static void take(UUID user, String number) {
    crm.asService()
        .whatsapp()
        .save(NewWhatsAppConfig.of(user, "15550199", "https://x.example").phoneNumberId(number));
  }

  private static void leave(UUID user) {
    crm.asService().whatsapp().update(user, WhatsAppConfigChanges.none().withoutPhoneNumberId());
  }

  private static void come(String number, String message) {
    assertThat(
            receive(WebhookBodies.body(number, Text.from(message, "15550100", "Ada", 1)))
                .count(Outcome.KEPT_UNROUTED))
        .isOne();
  }

  private static WebhookReport replay() {
    List<UnroutedWebhook> kept = receiver.webhooks().unrouted(PAGE).items();
    assertThat(kept).extracting(UnroutedWebhook::reason).containsOnly(Reason.NO_AGENT);
    return receiver.webhooks().replay(kept.stream().map(UnroutedWebhook::id).toList());
  }

  private void assertNothingForShop() {
    assertThat(replay().count(Outcome.KEPT_UNROUTED)).isOne();
    assertThat(shop.scope().messages().list(PAGE).items()).isEmpty();
  }

  @Test
  void whatCameForAUserWithoutAgentIsNotTheNextHolders() {
    take(loner, "holders-1");
    come("holders-1", "wamid.1");
    leave(loner);
    take(owner, "holders-1");
    assertNothingForShop();
  }

  @Test
  void norIsItThePreviousHolders() {
    leave(owner);
    take(loner, shop.phoneNumberId());
    come(shop.phoneNumberId(), "wamid.1");
    leave(loner);
    take(owner, shop.phoneNumberId());
    assertNothingForShop();
  }

  @Test
  void norIsItOnceThatUserIsDeleted() {
    take(loner, "holders-2");
    come("holders-2", "wamid.1");
    crm.asService()
        .tenant(shop.agent().prefix())
        .dsl()
        .execute("delete from crm.users where id = ?", loner);
    take(owner, "holders-2");
    assertNothingForShop();
  }

  /** Whoever its user is. */
  @Test
  void anAgentsNumberStaysTheAgents() {
    UUID next = newUser(UserRole.AGENT).id();
    crm.asService().agents().assign(shop.agent().id(), next);
    leave(owner);
    assertThat(
            receive(
                    WebhookBodies.body(
                        shop.phoneNumberId(), Text.from("wamid.1", "15550100", "Ada", 1)))
                .count(Outcome.STORED))
        .isOne();
  }

  @Test
  void itIsTheAgentsThatThisUserIsGiven() {
    take(loner, "holders-3");
    come("holders-3", "wamid.1");
    Agent agent = crm.asService().agents().create(loner, shop.agent().prefix() + "b", admin.id());
    prepare();
    assertThat(replay().count(Outcome.STORED)).isOne();
    assertThat(crm.asAgent(agent.prefix()).messages().list(PAGE).items()).hasSize(1);
  }
}
