package dev.dovetable.core.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.Crm;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.fixture.Installed;
import dev.dovetable.core.internal.payload.Mutations;
import dev.dovetable.core.internal.payload.Samples;
import dev.dovetable.core.internal.payload.WebhookChange;
import dev.dovetable.core.internal.payload.WebhookReader;
import dev.dovetable.core.webhooks.WebhookReport.Outcome;
import dev.dovetable.core.webhooks.WebhookReport.Result;
import dev.dovetable.core.whatsapp.WhatsAppConfigChanges;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies of every kind, recorded ones and damaged ones, on their whole way into the tables. */
class WebhookSamplesTest extends WebhookTest {
  private static final PageRequest PAGE = PageRequest.first(1000);
  private static final int DAMAGED = 1_000;

  static List<Samples.Sample> samples() {
    return Stream.concat(Samples.own().stream(), Samples.recorded().stream()).toList();
  }

  /** A business to which everything in the sample is sent. */
  private static Business businessOf(byte[] body) throws Exception {
    Business business = newBusiness();
    for (String number : numbers(body)) {
      giveUp(number);
      crm.asService()
          .whatsapp()
          .update(
              business.agent().userId().orElseThrow(),
              WhatsAppConfigChanges.none().phoneNumberId(number));
    }
    return business;
  }

  private static Set<String> numbers(byte[] body) throws Exception {
    Set<String> numbers = new HashSet<>();
    for (WebhookChange change : new WebhookReader(1 << 22).read(body).changes()) {
      change.phoneNumberId().ifPresent(numbers::add);
    }
    return numbers;
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everySampleIsStoredOrKeptAndASecondTimeChangesNothing(Samples.Sample sample)
      throws Exception {
    forgetUnrouted();
    Business business = businessOf(sample.body());

    WebhookReport first = receiver.webhooks().receive(sample.body(), null);
    List<String> contents = business.contents();
    int kept = receiver.webhooks().unrouted(PAGE).items().size();
    WebhookReport second = receiver.webhooks().receive(sample.body(), null);

    assertThat(first.httpStatus()).isEqualTo(200);
    assertThat(first.results()).isNotEmpty();
    assertThat(first.count(Outcome.KEPT_UNROUTED) > 0).isEqualTo(kept > 0);
    assertThat(business.scope().messages().list(PAGE).items())
        .hasSize(Math.toIntExact(first.count(Outcome.STORED)));
    assertThat(second.count(Outcome.STORED)).isZero();
    assertThat(business.contents()).isEqualTo(contents);
    assertThat(receiver.webhooks().unrouted(PAGE).items()).hasSize(kept);
    for (Result result : first.results()) {
      if (result.outcome() == Outcome.STORED) {
        int id = result.messageId().orElseThrow();
        assertThat(business.scope().messages().find(id).orElseThrow().text()).isNotBlank();
        assertThat(business.scope().deliveries().details(id)).isPresent();
      }
    }
    crm.asService().whatsapp().delete(business.agent().userId().orElseThrow());
  }

  /** None throws anything, and none leaves anything where its signature is wrong. */
  @Test
  @Tag("slow")
  void damagedBodiesAreStoredOrKept() throws Exception {
    List<byte[]> bodies = samples().stream().map(Samples.Sample::body).toList();
    for (String number : List.of("104590110000110", "104590120000120", "409552778964973")) {
      giveUp(number);
      crm.asService()
          .whatsapp()
          .update(
              newBusiness().agent().userId().orElseThrow(),
              WhatsAppConfigChanges.none().phoneNumberId(number));
    }
    Webhooks signed =
        Crm.builder(pool).schema(Installed.SCHEMA).webhookSecrets("secret").build().webhooks();
    Mutations mutations = new Mutations(new Random(20261125), bodies);
    for (int i = 0; i < DAMAGED; i++) {
      byte[] body = mutations.next();
      assertThatThrownBy(() -> signed.receive(body, "sha256=" + "ab".repeat(32)))
          .isInstanceOf(WebhookSignatureException.class);
      try {
        assertThat(receiver.webhooks().receive(body, null).httpStatus()).isEqualTo(200);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("body " + i + ": " + new String(body, UTF_8), e);
      }
    }
    assertThat(superuser("select distinct reason from crm_private.unrouted_webhooks"))
        .contains("UNREADABLE", "NOT_UNDERSTOOD", "UNKNOWN_NUMBER")
        .doesNotContain("REFUSED");
  }
}
