package dev.dovetable.core.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.CrmFleet;
import dev.dovetable.core.FleetDatabase;
import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.webhooks.UnroutedWebhook;
import dev.dovetable.core.webhooks.WebhookBodies;
import dev.dovetable.core.webhooks.WebhookBodies.Text;
import dev.dovetable.core.webhooks.WebhookReport;
import dev.dovetable.core.webhooks.WebhookReport.Outcome;
import dev.dovetable.core.webhooks.WebhookReport.Result;
import dev.dovetable.core.webhooks.WebhookSignatureException;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bodies of callbacks for numbers of several databases. */
class FleetWebhooksTest extends FleetBase {
  private static final AtomicInteger IDS = new AtomicInteger();

  @AfterEach
  void up() {
    one.isDown = false;
    two.isDown = false;
    List.of(one, two).forEach(member -> member.crm.webhooks().purge(Duration.ZERO));
  }

  private static String id() {
    return "wamid.FLEET" + IDS.incrementAndGet();
  }

  private static String change(String number, String id) {
    return WebhookBodies.change(number, List.of(Text.from(id, "4915112345678", "Ada", 1)));
  }

  private static WebhookReport receive(CrmFleet at, String... changes) {
    return at.webhooks().receive(WebhookBodies.body(List.of(changes)).getBytes(UTF_8), null);
  }

  private static List<Outcome> outcomes(WebhookReport report) {
    return report.results().stream().map(Result::outcome).toList();
  }

  private static long messages(Member member, Agent agent) {
    return member.count("select count(*) from crm." + agent.prefix() + "_messages");
  }

  private static List<UnroutedWebhook> kept(Member member) {
    return member.crm.webhooks().unrouted(PageRequest.first(100)).items();
  }

  @Test
  void eachPartIsStoredWhereItsNumberIs() {
    Agent first = newAgent(one);
    Agent second = newAgent(two);
    String a = one.newNumber(first);
    String b = two.newNumber(second);
    String x = id();

    WebhookReport report =
        receive(fleet, change(b, id()), change(a, x), change("999", id()), change(b, id()));

    assertThat(report.httpStatus()).isEqualTo(200);
    assertThat(outcomes(report))
        .containsExactly(Outcome.STORED, Outcome.STORED, Outcome.KEPT_UNROUTED, Outcome.STORED);
    assertThat(report.results())
        .extracting(result -> result.prefix().orElse("-"))
        .as("in the order of the body")
        .containsExactly(second.prefix(), first.prefix(), "-", second.prefix());
    assertThat(messages(one, first)).isEqualTo(1);
    assertThat(messages(two, second)).isEqualTo(2);
    assertThat(kept(one))
        .extracting(kept -> kept.phoneNumberId().orElse(""))
        .containsExactly("999");
    assertThat(kept(two)).isEmpty();
    assertThat(outcomes(receive(fleet, change(a, x)))).containsExactly(Outcome.DUPLICATE);
  }

  @Test
  void theRestIsStoredWhileADatabaseIsDown() {
    Agent first = newAgent(one);
    Agent second = newAgent(two);
    String a = one.newNumber(first);
    String b = two.newNumber(second);
    for (CrmFleet at : List.of(warm(a, b), newFleet())) {
      String[] body = {change(a, id()), change(b, id()), change("999", id())};
      two.isDown = true;
      WebhookReport report = receive(at, body);
      assertThat(report.httpStatus()).isEqualTo(500);
      assertThat(outcomes(report).subList(0, 2)).containsExactly(Outcome.STORED, Outcome.FAILED);
      assertThat(report.failures())
          .allSatisfy(e -> assertThat(e).hasMessageContaining("Database two"))
          .isNotEmpty();

      two.isDown = false;
      WebhookReport again = receive(at, body);
      assertThat(again.httpStatus()).isEqualTo(200);
      assertThat(outcomes(again))
          .containsExactly(Outcome.DUPLICATE, Outcome.STORED, Outcome.KEPT_UNROUTED);
    }
  }

  /** One that knows the numbers. */
  private static CrmFleet warm(String... numbers) {
    CrmFleet at = newFleet();
    for (String number : numbers) {
      assertThat(receive(at, change(number, id())).httpStatus()).isEqualTo(200);
    }
    return at;
  }

  @Test
  void whatIsAllForADatabaseThatIsDownThrows() {
    Agent agent = newAgent(two);
    String number = two.newNumber(agent);
    CrmFleet warm = warm(number);
    two.isDown = true;

    assertThatThrownBy(() -> receive(warm, change(number, id())))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("Database two");
    assertThatThrownBy(() -> receive(newFleet(), change(number, id())))
        .as("it may be there")
        .isInstanceOf(DatabaseException.class);
    assertThat(kept(one)).isEmpty();
  }

  @Test
  void aNumberThatHasMovedIsFollowed() {
    Agent first = newAgent(one);
    Agent second = newAgent(two);
    String number = one.newNumber(first);
    CrmFleet warm = warm(number);
    one.crm
        .asService()
        .whatsapp()
        .save(
            NewWhatsAppConfig.of(first.userId().orElseThrow(), "15550199", "https://x.example")
                .phoneNumberId("1" + number));
    one.crm.asService().whatsapp().numbers(first.prefix()).remove(number);
    two.giveNumber(second, number);

    WebhookReport report = receive(warm, change(number, id()), change(number, id()));

    assertThat(outcomes(report)).containsExactly(Outcome.STORED, Outcome.STORED);
    assertThat(messages(two, second)).isEqualTo(2);
    assertThat(messages(one, first)).isEqualTo(1);
    assertThat(kept(one)).isEmpty();
    assertThat(kept(two)).isEmpty();
  }

  @Test
  void anAgentThatHasMovedWithItsNumberIsFollowed() {
    Agent agent = newAgent(one);
    String number = one.newNumber(agent);
    CrmFleet warm = warm(number);
    move(agent, one, two);
    two.giveNumber(two.crm.asService().agents().findByPrefix(agent.prefix()).orElseThrow(), number);

    assertThat(outcomes(receive(warm, change(number, id())))).containsExactly(Outcome.STORED);
    assertThat(messages(two, agent)).isEqualTo(1);
    assertThat(kept(one)).isEmpty();
  }

  @Test
  void whatWasKeptFindsItsPlaceInAnyDatabase() {
    Agent agent = newAgent(two);
    String number = "77" + two.newNumber(agent);
    receive(fleet, change(number, id()), change("999", id()));
    assertThat(kept(one)).hasSize(2);
    two.giveNumber(agent, number);

    WebhookReport report =
        fleet.webhooks().replay(kept(one).stream().map(UnroutedWebhook::id).toList());

    assertThat(outcomes(report)).containsExactly(Outcome.STORED, Outcome.KEPT_UNROUTED);
    assertThat(messages(two, agent)).isEqualTo(1);
    assertThat(kept(one)).hasSize(1);
  }

  @Test
  void whatIsNoJsonIsKeptAtHome() {
    WebhookReport report = fleet.webhooks().receive("no json".getBytes(UTF_8), null);
    assertThat(outcomes(report)).containsExactly(Outcome.KEPT_UNROUTED);
    assertThat(kept(one)).hasSize(1);
    assertThat(kept(two)).isEmpty();
  }

  @Test
  void theSignatureIsCheckedBeforeAnythingIsSent() {
    CrmFleet signed =
        CrmFleet.builder()
            .database(FleetDatabase.of("one", one.dataSource))
            .database(FleetDatabase.of("two", two.dataSource))
            .each(crm -> crm.schema(Installed.SCHEMA).webhookSecrets("secret"))
            .build();
    one.taken.set(0);
    two.taken.set(0);
    assertThatThrownBy(() -> signed.webhooks().receive("{}".getBytes(UTF_8), "sha256=00"))
        .isInstanceOf(WebhookSignatureException.class);
    assertThat(one.taken.get() + two.taken.get()).isZero();
  }

  @Test
  void theTokenOfAnyDatabaseAnswersTheHandshake() {
    Agent agent = newAgent(two);
    two.crm
        .asService()
        .whatsapp()
        .save(
            NewWhatsAppConfig.of(agent.userId().orElseThrow(), "15550199", "https://x.example")
                .phoneNumberId("88" + id().substring(11))
                .verifyToken("fleet-token"));

    assertThat(fleet.webhooks().handshake("subscribe", "fleet-token", "42")).contains("42");
    assertThat(fleet.webhooks().handshake("subscribe", "another", "42")).isEmpty();
    one.isDown = true;
    assertThat(fleet.webhooks().handshake("subscribe", "fleet-token", "42")).contains("42");
    assertThatThrownBy(() -> fleet.webhooks().handshake("subscribe", "another", "42"))
        .isInstanceOf(DatabaseException.class);
  }
}
