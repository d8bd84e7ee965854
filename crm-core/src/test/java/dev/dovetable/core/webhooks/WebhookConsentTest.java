package dev.dovetable.core.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.customers.Consent;
import dev.dovetable.core.webhooks.UnroutedWebhook.Reason;
import dev.dovetable.core.webhooks.WebhookReport.Outcome;
import dev.dovetable.core.webhooks.WebhookReport.Result;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who wants no advertising. Apostrophes stand for quotation marks. */
class WebhookConsentTest extends ToldTest {
  @Test
  void whoWantsNoAdvertisingIsKnownForGood() {
    String told =
        "'contacts':[{'profile':{'name':'Ada'},'wa_id':'%1$s','user_id':'US.1'}],'user_preferences':[{"
            + "'wa_id':'%1$s','user_id':'US.1','detail':'User requested it','category':'marketing_messages',"
            + "'value':'%2$s','timestamp':%3$d}]";
    String resume = body("user_preferences", told.formatted(ADA, "resume", 30));
    String stop = body("user_preferences", told.formatted(ADA, "stop", 20));

    WebhookReport report = receive(resume);
    receive(stop);
    receive(stop);

    assertThat(report.results()).extracting(Result::outcome).containsExactly(Outcome.CONSENT);
    assertThat(report.results().get(0).customerId()).contains(customer(ADA).id());
    List<Consent> consents = shop.scope().customers().consent(customer(ADA).id());
    assertThat(consents)
        .containsExactly(
            consent("resume", 30, shop.phoneNumberId()), consent("stop", 20, shop.phoneNumberId()));
    assertThat(consents.get(0).isGiven()).isTrue();
    assertThat(receiver.webhooks().unrouted(PAGE).items()).isEmpty();

    // Made again, it is who it was.
    shop.scope().customers().delete(customer(ADA).id());
    tell(
        "'contacts':[{'wa_id':'%1$s','user_id':'US.1'}],'messages':[%2$s]"
            .formatted(
                ADA, text("wamid.1", ADA, 40, "Hi").replace("'id'", "'from_user_id':'US.1','id'")));
    assertThat(shop.scope().customers().consent(customer(ADA).id())).hasSize(2);
    assertThat(shop.scope().customers().consent(-1)).isEmpty();
  }

  /** By the number alone, which turns out to have been somebody else's then. */
  @Test
  void aPreferenceGoesWhereTheNumberWasAtItsTime() {
    String told =
        "'user_preferences':[{'wa_id':'%s','category':'marketing_messages','value':'stop','timestamp':20}]";
    String stop = body("user_preferences", told.formatted(ADA));
    from("wamid.1", "US.1", 10);
    receive(stop);
    int ada = customer(ADA).id();
    assertThat(shop.scope().customers().consent(ada)).hasSize(1);

    from("wamid.2", "US.2", 15);

    int bo = message("wamid.2").customerId();
    assertThat(bo).isNotEqualTo(ada);
    assertThat(shop.scope().customers().consent(ada)).isEmpty();
    assertThat(shop.scope().customers().consent(bo)).hasSize(1);
    assertThat(shop.scope().customers().merges().undo(ada)).isTrue();
    assertThat(shop.scope().customers().consent(ada)).hasSize(1);

    // Repeated, it doesn't bring back who was deleted.
    shop.scope().customers().delete(ada);
    shop.scope().customers().delete(bo);
    receive(stop);
    assertThat(shop.scope().customers().count()).isZero();
  }

  private void from(String id, String userId, int at) {
    tell(
        "'messages':[%s]"
            .formatted(
                text(id, ADA, at, "Hi").replace("'id'", "'from_user_id':'" + userId + "','id'")));
  }

  private static Consent consent(String value, int at, String number) {
    return new Consent(
        "marketing_messages",
        value,
        Optional.of("User requested it"),
        Instant.ofEpochSecond(at),
        Optional.of(number));
  }

  /** Which has to be mended: nobody may be written to that has said no. */
  @Test
  void aPreferenceForAnUnknownNumberWaitsToBeReplayed() {
    giveUp(shop.phoneNumberId());
    receive(
        body(
            "user_preferences",
            "'user_preferences':[{'wa_id':'15550100','category':'marketing_messages','value':'stop','timestamp':1}]"));

    assertThat(receiver.webhooks().unrouted(PAGE).items())
        .extracting(UnroutedWebhook::reason)
        .containsExactly(Reason.UNKNOWN_NUMBER);
  }
}
