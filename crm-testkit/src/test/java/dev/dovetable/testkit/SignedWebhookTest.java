package dev.dovetable.testkit;

import static dev.dovetable.testkit.CrmAssertions.assertThat;
import static dev.dovetable.testkit.CrmAssertions.assertThatThrownBy;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.webhooks.WebhookReport;
import dev.dovetable.core.webhooks.WebhookReport.Outcome;
import dev.dovetable.core.webhooks.WebhookSignatureException;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** That what an application's test sends is taken in, and only if it is signed. */
@CrmTest(database = CrmTest.Lifetime.METHOD, extensions = WebhookTables.class)
class SignedWebhookTest {
  private static final String NUMBER = "104590110000110";
  private static final Instant TIME = Instant.parse("2026-11-18T08:02:11Z");

  @Test
  void isTakenInOnceWithWhateverText(CrmDatabase database, TenantScope shop) {
    database
        .asService()
        .whatsapp()
        .save(
            NewWhatsAppConfig.of(
                    database.agent(shop.prefix()).userId(), "13125550199", "https://crm.example/")
                .phoneNumberId(NUMBER));
    String text = "Two \"bags\", \\please\n☕";
    SignedWebhook request = SignedWebhook.text(NUMBER, "12025550142", "María", text, TIME);

    WebhookReport report = receive(database, request, request.signature());

    assertThat(report.httpStatus()).isEqualTo(200);
    assertThat(report.count(Outcome.STORED)).isOne();
    assertThat(receive(database, request, request.signature()).count(Outcome.STORED)).isZero();
    var maria = shop.customers().findByPhone("12025550142").orElseThrow();
    assertThat(maria.name()).isEqualTo("María");
    assertThat(shop.messages().timeline(maria.id(), PageRequest.first(5)).items())
        .singleElement()
        .satisfies(
            message -> {
              assertThat(message.text()).isEqualTo(text);
              assertThat(message.timestamp()).isEqualTo(TIME);
            });
  }

  @Test
  void otherSecretsAreRefused(CrmDatabase database) {
    SignedWebhook forged = SignedWebhook.of("{}", "another secret");

    assertThatThrownBy(() -> receive(database, forged, forged.signature()))
        .isInstanceOf(WebhookSignatureException.class);
    assertThat(SignedWebhook.of("{}").signature()).matches("sha256=[0-9a-f]{64}");
  }

  private static WebhookReport receive(
      CrmDatabase database, SignedWebhook request, String signature) {
    return database.crm().webhooks().receive(request.body(), signature);
  }
}
