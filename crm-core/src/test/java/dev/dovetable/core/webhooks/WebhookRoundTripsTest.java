package dev.dovetable.core.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.fixture.CountedTest;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.messages.NewMessage;
import dev.dovetable.core.webhooks.WebhookTest.Business;
import dev.dovetable.testkit.server.wire.OneConnection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often the library waits for the server about webhooks, counted on the wire. */
class WebhookRoundTripsTest extends CountedTest {
  private static final int MORE_THAN_THE_PREPARE_THRESHOLD = 8;

  private static Webhooks webhooks;
  private Business shop;

  @BeforeAll
  static void prepareWebhooks() {
    WebhookTest.prepare();
    webhooks = WebhookTest.receiver(OneConnection.of(connection)).webhooks();
  }

  @BeforeEach
  void makeShop() {
    shop = WebhookTest.newBusiness();
  }

  /** One to find the agent, one to store, and one because senders are new. */
  @Test
  void threeForTheFirstBodyOfAnAgent() {
    assertThat(tripsOf(messages(shop, 0))).isEqualTo(3);
  }

  /** Whatever the number of messages: the agent was found before. */
  @Test
  void oneForABodyOfKnownSenders() {
    receive(messages(shop, 0));

    assertThat(tripsOf(messages(shop, 0))).isOne();
    assertThat(tripsOf(messages(shop, 50))).isOne();
  }

  @Test
  void oneForStatusesAndForStatusesBesideMessages() {
    receive(messages(shop, 0));
    receive(messages(shop, 50));
    String statuses =
        WebhookBodies.change(
            shop.phoneNumberId(), List.of(new WebhookBodies.Status("wamid.51", "read", 60)));

    assertThat(tripsOf(statuses)).isOne();
    assertThat(tripsOf(messages(shop, 50), statuses)).isOne();
  }

  /** One to find the agents, one to store, one to keep. */
  @Test
  void oneMoreIfSomethingIsKept() {
    receive(messages(shop, 0));

    assertThat(tripsOf(messages(shop, 0), messages("4711", 0))).isEqualTo(3);
  }

  /** One to find them, one for each, and one the first time, because senders are new. */
  @Test
  void oneMoreForEachAgent() {
    receive(messages(shop, 0));
    Business bikes = WebhookTest.newBusiness();

    assertThat(tripsOf(messages(shop, 0), messages(bikes, 0))).isEqualTo(4);
    assertThat(tripsOf(messages(shop, 0), messages(bikes, 0))).isEqualTo(3);
  }

  @Test
  void oneToKeepWhatIsNoChange() {
    assertThat(tripsOf("7")).isOne();
  }

  @Test
  void oneForTheHandshakeAndForWhatIsKept() {
    assertThat(trips(() -> webhooks.handshake("subscribe", "x", "1"))).isOne();
    assertThat(trips(() -> webhooks.unrouted(PageRequest.first(5)))).isOne();
  }

  @Test
  void oneForEachQuestionAboutDeliveries() {
    receive(messages(shop, 0));
    TenantScope own = counted.asAgent(shop.agent().prefix());
    Message newest = own.messages().list(PageRequest.first(1)).items().get(0);
    int id = newest.id();

    assertThat(trips(() -> own.deliveries().find(id))).isOne();
    assertThat(trips(() -> own.deliveries().details(id))).isOne();
    List<Integer> all =
        own.messages().list(PageRequest.first(50)).items().stream().map(Message::id).toList();
    assertThat(trips(() -> own.deliveries().find(all))).isOne();
    assertThat(trips(() -> own.deliveries().details(all))).isOne();
    PageRequest page = PageRequest.first(50);
    int customer = newest.customerId();
    for (int i = 0; i < MORE_THAN_THE_PREPARE_THRESHOLD; i++) {
      assertThat(trips(() -> own.deliveries().timeline(customer, page))).isOne();
      assertThat(trips(() -> own.deliveries().timelineOldestFirst(customer, page))).isOne();
    }
    assertThat(trips(() -> own.deliveries().findMessage("wamid.1"))).isOne();
    assertThat(trips(() -> own.deliveries().link(id, "wamid.49"))).isOne();
    NewMessage sent = NewMessage.outbound(newest.customerId(), "x");
    assertThat(trips(() -> own.deliveries().record(sent, "wamid.x"))).isOne();
  }

  private static String messages(Business business, int first) {
    return messages(business.phoneNumberId(), first);
  }

  /** Fifty of fifty senders, the same ones whatever the first is. */
  private static String messages(String phoneNumberId, int first) {
    return WebhookBodies.change(
        phoneNumberId,
        IntStream.range(0, 50)
            .mapToObj(
                i ->
                    WebhookBodies.Text.from(
                        "wamid." + (first + i), "1555" + i, "US." + i, "C", first + i))
            .toList());
  }

  private static int tripsOf(String... changes) {
    return trips(() -> receive(changes));
  }

  private static WebhookReport receive(String... changes) {
    return webhooks.receive(
        WebhookBodies.body(List.of(changes)).getBytes(StandardCharsets.UTF_8), null);
  }
}
