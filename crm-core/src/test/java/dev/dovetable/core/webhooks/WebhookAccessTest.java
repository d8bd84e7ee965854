package dev.dovetable.core.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.Crm;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.fixture.Thrown;
import dev.dovetable.core.webhooks.WebhookBodies.Text;
import dev.dovetable.core.webhooks.WebhookReport.Outcome;
import dev.dovetable.core.whatsapp.WhatsAppConfigChanges;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose bodies are taken: signatures, lengths, the handshake. */
class WebhookAccessTest extends WebhookTest {
  private static final PageRequest PAGE = PageRequest.first(100);
  private Business shop;

  @BeforeEach
  void makeShop() {
    forgetUnrouted();
    shop = newBusiness();
  }

  @Test
  void onlyWhatIsSignedIsTaken() throws Exception {
    Webhooks signed =
        Crm.builder(pool).schema(Installed.SCHEMA).webhookSecrets("new", "old").build().webhooks();
    byte[] body =
        WebhookBodies.body(shop.phoneNumberId(), Text.from("wamid.1", "15550100", "Ada", 1))
            .getBytes(UTF_8);

    for (String wrong :
        new String[] {null, "", "sha256=", "sha256=" + "0".repeat(64), signature(body, "x")}) {
      assertThatThrownBy(() -> signed.receive(body, wrong))
          .isInstanceOf(WebhookSignatureException.class)
          .hasMessageNotContaining("15550100");
    }
    assertThat(shop.scope().messages().list(PAGE).items()).isEmpty();
    assertThat(receiver.webhooks().unrouted(PAGE).items()).isEmpty();
    assertThat(signed.receive(body, signature(body, "old")).count(Outcome.STORED)).isOne();
    assertThat(signed.receive(body, signature(body, "new")).count(Outcome.DUPLICATE)).isOne();
  }

  @Test
  void nothingIsTakenUnlessItWasSaidHowToCheckIt() {
    Thrown.refused(
        RefusedException.Reason.NO_WEBHOOK_SECRET,
        () -> crm.webhooks().receive("{}".getBytes(UTF_8), "sha256="));
    assertThatThrownBy(
            () -> Crm.builder(pool).webhookSecrets("a").withoutWebhookSignatures().build())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Crm.builder(pool).webhookSecrets("a", " "))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Crm.builder(pool).webhookSecrets())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void longBodyIsRefused() {
    Webhooks small =
        Crm.builder(pool)
            .schema(Installed.SCHEMA)
            .withoutWebhookSignatures()
            .webhookBodyLimit(10)
            .build()
            .webhooks();

    Thrown.invalid(InvalidDataException.Kind.TOO_LONG, () -> small.receive(new byte[11], null));
    assertThatThrownBy(() -> Crm.builder(pool).webhookBodyLimit(0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void handshakeAnswersToTheTokenOfAnActiveConfiguration() {
    UUID owner = shop.agent().userId().orElseThrow();
    crm.asService().whatsapp().update(owner, WhatsAppConfigChanges.none().verifyToken("s3cret"));
    Webhooks webhooks = crm.webhooks();

    assertThat(webhooks.handshake("subscribe", "s3cret", "1158201444")).contains("1158201444");
    assertThat(webhooks.handshake("subscribe", "s3cre", "1")).isEmpty();
    assertThat(webhooks.handshake("subscribe", "S3CRET", "1")).isEmpty();
    assertThat(webhooks.handshake("unsubscribe", "s3cret", "1")).isEmpty();
    assertThat(webhooks.handshake("subscribe", "%", "1")).isEmpty();
    assertThat(webhooks.handshake("subscribe", "a\0b", "1")).isEmpty();
    assertThat(webhooks.handshake("subscribe", "", "1")).isEmpty();
    assertThat(webhooks.handshake(null, null, null)).isEmpty();
    crm.asService().whatsapp().delete(owner);
    assertThat(webhooks.handshake("subscribe", "s3cret", "1")).isEmpty();
  }

  private static String signature(byte[] body, String secret) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
    return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
  }
}
