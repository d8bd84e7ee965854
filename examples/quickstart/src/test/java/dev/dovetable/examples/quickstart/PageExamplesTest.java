package dev.dovetable.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.dovetable.core.deliveries.DeliveryState;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.webhooks.UnroutedWebhook;
import dev.dovetable.core.whatsapp.AgentNumber;
import dev.dovetable.core.whatsapp.NewWhatsAppConfig;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

/** What the examples of the other pages do. */
class PageExamplesTest extends ExamplesTest {
  static final String MIGRATION = "db/appointments/001_create_appointments.sql";
  private final PageExamples areas = new PageExamples(crm, shop, ben);

  @Test
  void whatsapp() {
    assertThat(areas.whatsapp().orElseThrow().config().orElseThrow().userId()).isEqualTo(ben.id());
    assertThat(crm.asService().whatsapp().numbers("agt_6f78").list())
        .extracting(number -> number.details().label().orElse(""), AgentNumber::active)
        .startsWith(tuple("", false), tuple("Repairs", false));
    assertThat(areas.output).contains("agt_6f78");
    assertThat(crm.asService().whatsapp().find(ben.id())).isEmpty();
  }

  @Test
  void webhooks() {
    crm.asService()
        .whatsapp()
        .save(
            NewWhatsAppConfig.of(ben.id(), "13125550199", "https://crm.example/hook")
                .phoneNumberId("104590120000120"));
    byte[] body =
        """
        {"entry": [{"id": "1", "changes": [
          {"field": "messages", "value": {"metadata": {"phone_number_id": "104590120000120"},
            "statuses": [{"id": "wamid.1", "status": "read", "timestamp": "1794988931"}]}},
          {"field": "messages", "value": {"metadata": {"phone_number_id": "unknown"},
            "statuses": [{"id": "wamid.2", "status": "read", "timestamp": "1794988931"}]}}]}]}
        """
            .getBytes(StandardCharsets.UTF_8);

    assertThat(
            areas.webhooks(
                postgres.dataSource(),
                new PageExamples.Request(body, WhatsApp.sign(body)),
                "wamid.1"))
        .contains(DeliveryState.READ);
    assertThat(areas.output)
        .contains(UnroutedWebhook.Reason.UNKNOWN_NUMBER, 200, "It's ready. READ", "0 images");
    crm.asService().whatsapp().delete(ben.id());
  }

  @Test
  void migrations() {
    assertThat(areas.migrations(postgres.dataSource()).isComplete()).isTrue();
    assertThat(shop.dsl().fetchCount(DSL.table(DSL.name("agt_6f78_appointments")))).isZero();
    assertThat(areas.migrations(postgres.dataSource()).results()).isEmpty();
  }

  @Test
  void doctor() throws SQLException {
    try (Connection connection = postgres.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("drop index agt_6f78_customers_phone_idx");
    }

    assertThat(areas.doctor(postgres.dataSource()).findings()).isEmpty();
    assertThat(areas.output).singleElement().asString().startsWith("INDEX: index agt_6f78");
  }

  @Test
  void errors() throws InterruptedException {
    assertThat(areas.errors(maria.id()).text()).isEqualTo("On its way!");
    assertThat(shop.messages().latest(maria.id(), 1))
        .extracting(Message::text)
        .containsExactly("On its way!");
  }
}
