package dev.dovetable.spring.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import dev.dovetable.core.whatsapp.WhatsAppConfigChanges;
import dev.dovetable.spring.fixture.Running;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class WebhookEndpointTest extends Running {
  private static final int LIMIT = 10 * 1024;

  @Autowired private MeterRegistry meters;
  private Agent shop;
  private String numberId;

  @BeforeEach
  void giveANumber() {
    shop = newAgent();
    numberId = UUID.randomUUID().toString();
    UUID user = shop.userId().orElseThrow();
    crm.asService()
        .whatsapp()
        .save(
            NewWhatsAppConfig.of(user, "12025550110", "https://crm.example/whatsapp")
                .phoneNumberId(numberId));
    crm.asService()
        .whatsapp()
        .update(user, WhatsAppConfigChanges.none().verifyToken("token-" + shop.prefix()));
  }

  @Test
  void aCallbackIsStoredOnceAndCounted() throws Exception {
    double before = stored();
    byte[] body = body("Grüße ☕");

    assertThat(call(body, sign(body))).isEqualTo(200);
    assertThat(call(body, sign(body))).isEqualTo(200);

    assertThat(crm.asAgent(shop.prefix()).messages().list(PageRequest.first(5)).items())
        .extracting(Message::text)
        .containsExactly("Grüße ☕");
    assertThat(stored() - before).isOne();
    assertThat(meters.get("crm.webhook.received").tag("outcome", "duplicate").counter().count())
        .isPositive();
  }

  private double stored() {
    return meters
        .find("crm.webhook.received")
        .tags("outcome", "stored", "kind", "text")
        .counters()
        .stream()
        .mapToDouble(io.micrometer.core.instrument.Counter::count)
        .sum();
  }

  @Test
  void whatIsNotSignedTooLongOrNoJsonIsRefused() throws Exception {
    byte[] body = body("Hello");

    assertThat(call(body, sign(body("Hellp")))).isEqualTo(401);
    assertThat(send(post(body)).statusCode()).isEqualTo(401);
    byte[] atTheLimit = (new String(body, UTF_8) + " ".repeat(LIMIT - body.length)).getBytes(UTF_8);
    byte[] over = (new String(atTheLimit, UTF_8) + " ").getBytes(UTF_8);
    assertThat(call(over, sign(over))).isEqualTo(413);
    assertThat(send(post(body).setHeader("Content-Type", "text/plain")).statusCode())
        .isEqualTo(415);
    assertThat(crm.asAgent(shop.prefix()).messages().count()).isZero();
    assertThat(call(atTheLimit, sign(atTheLimit))).isEqualTo(200);
    assertThat(crm.asAgent(shop.prefix()).messages().count()).isOne();
  }

  @Test
  void theAddressIsVerifiedByTheToken() throws Exception {
    String path = "/whatsapp?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=";

    var right = send(request(path + "token-" + shop.prefix()));

    assertThat(right.statusCode()).isEqualTo(200);
    assertThat(right.body()).isEqualTo("1158201444");
    assertThat(send(request(path + "wrong")).statusCode()).isEqualTo(403);
    assertThat(send(request("/whatsapp")).statusCode()).isEqualTo(403);
  }

  private byte[] body(String text) {
    return """
        {"entry": [{"id": "204590110000001", "changes": [{"field": "messages", "value": {
          "metadata": {"phone_number_id": "%s"},
          "contacts": [{"profile": {"name": "Maria"}, "wa_id": "13125550142"}],
          "messages": [{"from": "13125550142", "id": "wamid.%s", "timestamp": "1794988931",
            "type": "text", "text": {"body": "%s"}}]}}]}]}"""
        .formatted(numberId, numberId, text)
        .getBytes(UTF_8);
  }

  private int call(byte[] body, String signature) throws Exception {
    return send(post(body).header("X-Hub-Signature-256", signature)).statusCode();
  }

  private HttpRequest.Builder post(byte[] body) {
    return request("/whatsapp")
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofByteArray(body));
  }

  private static String sign(byte[] body) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
    return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
  }
}
