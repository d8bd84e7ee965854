package dev.dovetable.core.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.fixture.Thrown;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** Sequences that are behind their rows, or used up. */
class NoFreeIdTest extends WebhookTest {

  @Test
  void aSequenceBehindItsRowsIsNamedWithTheRemedy() throws SQLException {
    Business business = newBusiness();
    TenantScope scope = business.scope();
    String prefix = business.agent().prefix();
    importId(business, 3);

    scope.customers().create(new NewCustomer("A", "1"));
    scope.customers().create(new NewCustomer("B", "2"));
    assertThatThrownBy(() -> scope.customers().create(new NewCustomer("C", "3")))
        .isInstanceOfSatisfying(
            DatabaseException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(DatabaseException.Kind.NO_FREE_ID);
              assertThat(e.problem()).contains(prefix + "_customers_pkey");
              assertThat(e.remedy()).contains("SEQUENCE_BEHIND", "setval");
            });
    scope.customers().create(new NewCustomer("D", "4"));
  }

  @Test
  void theCallersOwnStatementMayHavePassedTheId() throws SQLException {
    Business business = newBusiness();
    importId(business, 1);

    assertThatThrownBy(
            () ->
                business
                    .scope()
                    .dsl()
                    .execute(
                        "insert into crm.%s_customers (id, agent_id, name, phone) values (1, %d, 'B', '2')"
                            .formatted(business.agent().prefix(), business.agent().id())))
        .isInstanceOfSatisfying(
            InvalidDataException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(InvalidDataException.Kind.NOT_UNIQUE);
              assertThat(e.remedy()).contains("pass others", "setval");
            });
  }

  /** It is nothing that is wrong with the callback, so WhatsApp is to send it again. */
  @Test
  void whatACallbackBroughtIsNotKeptAsRefused() throws SQLException {
    Business business = newBusiness();
    importId(business, 1);
    String body =
        WebhookBodies.body(
            business.phoneNumberId(), WebhookBodies.Text.from("wamid.1", "44770090", "Ann", 1));

    Thrown.database(DatabaseException.Kind.NO_FREE_ID, () -> receive(body));

    asSuperuser("select setval('crm.%s_customers_id_seq', 5)".formatted(business.agent().prefix()));
    assertThat(receive(body).count(WebhookReport.Outcome.STORED)).isOne();
  }

  @Test
  void aSequenceThatIsUsedUpIsTold() throws SQLException {
    Business business = newBusiness();
    asSuperuser(
        "select setval('crm.%s_customers_id_seq', 2147483647)"
            .formatted(business.agent().prefix()));

    assertThatThrownBy(() -> business.scope().customers().create(new NewCustomer("A", "1")))
        .isInstanceOfSatisfying(
            DatabaseException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(DatabaseException.Kind.NO_FREE_ID);
              assertThat(e.remedy()).contains("CAPACITY_IDS");
            });
    Thrown.database(
        DatabaseException.Kind.NO_FREE_ID,
        () ->
            receive(
                WebhookBodies.body(
                    business.phoneNumberId(),
                    WebhookBodies.Text.from("wamid.2", "44770091", "Bo", 1))));
  }

  private static void importId(Business business, int id) throws SQLException {
    asSuperuser(
        "insert into crm.%s_customers (id, agent_id, name, phone) values (%d, %d, 'Imported', '9')"
            .formatted(business.agent().prefix(), id, business.agent().id()));
  }
}
