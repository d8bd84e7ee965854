package dev.dovetable.core.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.fixture.CountedTest;
import dev.dovetable.core.messages.NewMessage;
import dev.dovetable.core.webhooks.WebhookTest.Business;
import dev.dovetable.testkit.server.wire.OneConnection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How often the library waits for the server about webhooks, counted on the wire. */
class WebhookRoundTripsTest extends CountedTest {
  /**
   * One to find the agents, unless it is one that was found before; one for each agent, one more if
   * senders are new, and one if something is kept.
   */
  @Test
  void oneForAWebhookWhateverTheNumberOfMessagesMoreIfSomethingIsNewOrKept() {
    WebhookTest.prepare();
    Webhooks webhooks = WebhookTest.receiver(OneConnection.of(connection)).webhooks();
    Business shop = WebhookTest.newBusiness();
    Business bikes = WebhookTest.newBusiness();
    List<WebhookBodies.Text> many =
        IntStream.range(0, 50)
            .mapToObj(i -> WebhookBodies.Text.from("wamid." + i, "1555" + i, "US." + i, "C", i))
            .toList();
    List<WebhookBodies.Text> later =
        IntStream.range(0, 50)
            .mapToObj(
                i -> WebhookBodies.Text.from("wamid.b" + i, "1555" + i, "US." + i, "C", i + 1))
            .toList();
    String change = WebhookBodies.change(shop.phoneNumberId(), many);
    String known = WebhookBodies.change(shop.phoneNumberId(), later);
    String other = WebhookBodies.change(bikes.phoneNumberId(), many);
    String unknown = WebhookBodies.change("4711", many);
    String statuses =
        WebhookBodies.change(
            shop.phoneNumberId(), List.of(new WebhookBodies.Status("wamid.b1", "read", 60)));
    wire.take();

    assertThat(trips(() -> receive(webhooks, change))).isEqualTo(3);
    assertThat(trips(() -> receive(webhooks, change))).isOne();
    assertThat(trips(() -> receive(webhooks, known))).isOne();
    assertThat(trips(() -> receive(webhooks, statuses))).isOne();
    assertThat(trips(() -> receive(webhooks, known, statuses))).isOne();
    assertThat(trips(() -> receive(webhooks, change, unknown))).isEqualTo(3);
    assertThat(trips(() -> receive(webhooks, change, other))).isEqualTo(4);
    assertThat(trips(() -> receive(webhooks, change, other))).isEqualTo(3);
    assertThat(trips(() -> receive(webhooks, "7"))).isOne();
    assertThat(trips(() -> webhooks.handshake("subscribe", "x", "1"))).isOne();
    assertThat(trips(() -> webhooks.unrouted(PageRequest.first(5)))).isOne();
    TenantScope own = counted.asAgent(shop.agent().prefix());
    int id = own.messages().list(PageRequest.first(1)).items().get(0).id();
    wire.take();
    assertThat(trips(() -> own.deliveries().find(id))).isOne();
    assertThat(trips(() -> own.deliveries().details(id))).isOne();
    assertThat(trips(() -> own.deliveries().findMessage("wamid.1"))).isOne();
    assertThat(trips(() -> own.deliveries().link(id, "wamid.b49"))).isOne();
    int customerId = own.messages().find(id).orElseThrow().customerId();
    wire.take();
    assertThat(
            trips(() -> own.deliveries().record(NewMessage.outbound(customerId, "x"), "wamid.x")))
        .isOne();
  }

  private static WebhookReport receive(Webhooks webhooks, String... changes) {
    return webhooks.receive(
        WebhookBodies.body(List.of(changes)).getBytes(StandardCharsets.UTF_8), null);
  }
}
