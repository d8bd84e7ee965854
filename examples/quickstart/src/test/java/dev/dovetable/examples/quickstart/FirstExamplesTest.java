package dev.dovetable.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.Crm;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.User;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.core.webhooks.WebhookReport;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the first examples do. */
@FreshDatabase(perMethod = true)
class FirstExamplesTest {
  @Test
  void theGuidesDoesWhatItSays(PostgresDatabase database) {
    var order = FirstExamples.guide(database.dataSource());

    assertThat(order.order().total()).isEqualByComparingTo("29.00");
    assertThat(
            Crm.create(database.dataSource())
                .asAgent("agt_6f78")
                .conversations()
                .latest(PageRequest.first(1))
                .items())
        .singleElement()
        .satisfies(
            conversation -> {
              assertThat(conversation.customer().name()).isEqualTo("Maria");
              assertThat(conversation.lastMessage().text()).isEqualTo("Two bags of coffee, please");
            });
  }

  @Test
  void anApplicationAnswersAUserAndWhatsApp(PostgresDatabase database) {
    CrmSchema.create().install(database.dataSource());
    Crm crm = Crm.create(database.dataSource());
    UUID ada = user(crm, "ada", UserRole.ADMIN);
    UUID ben = user(crm, "ben", UserRole.AGENT);
    crm.asService().agents().create(ben, "agt_6f78", ada);
    byte[] body = "{\"entry\": []}".getBytes(StandardCharsets.UTF_8);

    FirstExamples.Shown shown =
        FirstExamples.application(
            database.dataSource(),
            WhatsApp.APP_SECRET,
            ben,
            "agt_6f78",
            new FirstExamples.Callback(body, WhatsApp.sign(body)));

    assertThat(shown.inbox().items())
        .singleElement()
        .satisfies(c -> assertThat(c.lastMessage().text()).isEqualTo("Your coffee is ready."));
    assertThat(shown.report().httpStatus()).isEqualTo(200);
    assertThat(shown.report().count(WebhookReport.Outcome.FAILED)).isZero();
  }

  private static UUID user(Crm crm, String name, UserRole role) {
    User user = crm.asService().users().create(new NewUser(name, name + "@crm.example", role));
    return user.id();
  }
}
