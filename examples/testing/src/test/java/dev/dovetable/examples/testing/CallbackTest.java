package dev.dovetable.examples.testing;

import static dev.dovetable.testkit.CrmAssertions.assertThat;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import dev.dovetable.testkit.CrmDatabase;
import dev.dovetable.testkit.CrmTest;
import dev.dovetable.testkit.SignedWebhook;
import dev.dovetable.testkit.WebhookTables;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the page about testing shows of webhooks. */
@CrmTest(extensions = WebhookTables.class)
class CallbackTest {
  @Test
  void takesACallbackIn(CrmDatabase database, TenantScope shop) {
    UUID user = database.agent(shop.prefix()).userId();
    NewWhatsAppConfig number = NewWhatsAppConfig.of(user, "13125550199", "https://x.example");
    database.asService().whatsapp().save(number.phoneNumberId("104590110000110"));
    SignedWebhook request =
        SignedWebhook.text("104590110000110", "12025550142", "Maria", "Two bags", Instant.now());
    database.crm().webhooks().receive(request.body(), request.signature());
    assertThat(shop.customers().findByPhone("12025550142")).isPresent();
  }
}
