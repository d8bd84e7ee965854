package dev.dovetable.examples.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.webhooks.UnroutedWebhook;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import dev.dovetable.core.whatsapp.WhatsAppConfigChanges;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Callbacks over HTTP, signed as WhatsApp signs them. */
class WebhookTest extends RunningService {
  private String numberId;

  @BeforeEach
  void giveANumber() {
    numberId = UUID.randomUUID().toString();
    UUID user = coffee.userId().orElseThrow();
    crm.asService()
        .whatsapp()
        .save(
            NewWhatsAppConfig.of(user, "12025550110", "https://crm.example/webhook")
                .phoneNumberId(numberId));
    crm.asService()
        .whatsapp()
        .update(user, WhatsAppConfigChanges.none().verifyToken("token of " + coffee.prefix()));
  }

  @Test
  void aCallbackIsStoredOnce() throws Exception {
    byte[] body = body("wamid.1", "Hello");

    assertThat(call(body, sign(body)).statusCode()).isEqualTo(200);
    assertThat(call(body, sign(body)).statusCode()).isEqualTo(200);

    assertThat(texts(coffee)).containsExactly("Hello");
    assertThat(texts(bikes)).isEmpty();
  }

  /** Whatever the headers say: what was decoded and encoded again has another signature. */
  @Test
  void theBytesReachTheCrmAsTheyCame() throws Exception {
    String strange = "  \r\n\t{\"b\" :1.50,\"a\":\"\\u00fc\\/ \\ud83d\\udeb2 ü☕\", \"entry\"  :  ";
    byte[] body =
        (strange + new String(body("wamid.2", "Grüße ☕"), UTF_8).split(":", 2)[1] + "\n\n")
            .getBytes(UTF_8);

    HttpRequest callback =
        post(body)
            .setHeader("Content-Type", "application/json; charset=ISO-8859-1")
            .header("X-Hub-Signature-256", sign(body))
            .build();
    assertThat(send(callback).statusCode()).isEqualTo(200);

    assertThat(texts(coffee)).containsExactly("Grüße ☕");
  }

  @Test
  void whatIsNotSignedIsRefused() throws Exception {
    byte[] body = body("wamid.3", "Hello");
    byte[] other = body("wamid.3", "Hellp");

    assertThat(call(other, sign(body)).statusCode()).isEqualTo(401);
    assertThat(call(body, "sha256=").statusCode()).isEqualTo(401);
    HttpResponse<String> unsigned = send(post(body).build());
    assertThat(unsigned.statusCode()).isEqualTo(401);
    assertThat(unsigned.body()).doesNotContain(SECRET, sign(body).substring(7), "Hello");

    assertThat(texts(coffee)).isEmpty();
  }

  @Test
  void whatIsNobodysIsKept() throws Exception {
    String nobodys = numberId + "0";
    byte[] body =
        new String(body("wamid.4", "Hello?"), UTF_8).replace(numberId, nobodys).getBytes(UTF_8);

    assertThat(call(body, sign(body)).statusCode()).isEqualTo(200);

    assertThat(crm.webhooks().unrouted(PAGE).items())
        .filteredOn(kept -> kept.phoneNumberId().filter(nobodys::equals).isPresent())
        .singleElement()
        .extracting(UnroutedWebhook::reason)
        .isEqualTo(UnroutedWebhook.Reason.UNKNOWN_NUMBER);
  }

  @Test
  void whatIsTooLargeOrNoJsonIsNotRead() throws Exception {
    byte[] large = new byte[3 * 1024 * 1024 + 1];
    Arrays.fill(large, (byte) ' ');
    byte[] body = body("wamid.5", "Hello");

    assertThat(call(large, sign(large)).statusCode()).isEqualTo(413);
    HttpRequest form =
        post(body)
            .setHeader("Content-Type", "application/x-www-form-urlencoded")
            .header("X-Hub-Signature-256", sign(body))
            .build();
    assertThat(send(form).statusCode()).isEqualTo(415);

    assertThat(texts(coffee)).isEmpty();
  }

  @Test
  void theAddressIsVerifiedByTheToken() throws Exception {
    String path = "/webhook?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=";

    HttpResponse<String> right = get(path + "token%20of%20" + coffee.prefix());

    assertThat(right.statusCode()).isEqualTo(200);
    assertThat(right.body()).isEqualTo("1158201444");
    assertThat(get(path + "wrong").statusCode()).isEqualTo(403);
    assertThat(get("/webhook").statusCode()).isEqualTo(403);
  }

  private List<String> texts(Agent agent) {
    return crm.asAgent(agent.prefix()).messages().list(PAGE).items().stream()
        .map(Message::text)
        .toList();
  }

  private byte[] body(String id, String text) {
    return """
        {"entry": [{"id": "204590110000001", "changes": [{"field": "messages", "value": {
          "metadata": {"phone_number_id": "%s"},
          "contacts": [{"profile": {"name": "Maria"}, "wa_id": "13125550142"}],
          "messages": [{"from": "13125550142", "id": "%s", "timestamp": "1794988931",
            "type": "text", "text": {"body": "%s"}}]}}]}]}"""
        .formatted(numberId, id, text)
        .getBytes(UTF_8);
  }

  private HttpResponse<String> call(byte[] body, String signature)
      throws IOException, InterruptedException {
    return send(post(body).header("X-Hub-Signature-256", signature).build());
  }

  private HttpRequest.Builder post(byte[] body) {
    return HttpRequest.newBuilder(uri("/webhook"))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofByteArray(body));
  }

  private static String sign(byte[] body) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
    return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
  }
}
