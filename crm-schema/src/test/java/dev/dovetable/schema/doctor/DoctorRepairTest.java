package dev.dovetable.schema.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.dovetable.schema.doctor.Finding.Code;
import dev.dovetable.schema.doctor.RepairReport.Outcome;
import dev.dovetable.schema.doctor.RepairReport.Result;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How repairs end. */
class DoctorRepairTest extends DoctorTest {
  @Test
  void whatIsGoneOrIsAnotherOneMeanwhileIsLeftAlone() throws SQLException {
    database.execute(
        "drop index agt_1_orders_status_idx; drop policy agt_2_orders_access on agt_2_orders");
    DoctorReport report = examine();
    database.execute(
        "create index agt_1_orders_status_idx on agt_1_orders (status); select delete_agent(2)");

    assertThat(DOCTOR.repair(agents.owner(), report).results())
        .extracting(Result::outcome)
        .containsExactly(Outcome.GONE, Outcome.GONE);
    assertThat(examine().findings()).isEmpty();
  }

  @Test
  void aRepairThatFailsKeepsNoOtherBack() throws SQLException {
    database.execute(
        """
        insert into agt_1_customers (agent_id, name, phone) values (1, 'Ada', '1');
        alter table agt_1_customers alter phone drop not null;
        update agt_1_customers set phone = null;
        drop index agt_1_customers_phone_idx;
        """);

    RepairReport repair = DOCTOR.repair(agents.owner(), examine());

    assertThat(repair.results())
        .extracting(result -> result.finding().code(), Result::outcome)
        .containsExactly(tuple(Code.COLUMN, Outcome.FAILED), tuple(Code.INDEX, Outcome.REPAIRED));
    assertThat(repair.failures().get(0).error())
        .hasValueSatisfying(e -> assertThat(e).contains("23502"));
  }

  @Test
  void anAgentInUseIsNotWaitedForLong() throws SQLException {
    database.execute(
        "drop policy agt_1_orders_access on agt_1_orders; drop policy agt_2_orders_access on agt_2_orders");
    CrmDoctor impatient =
        CrmDoctor.builder()
            .lockTimeout(Duration.ofMillis(20))
            .giveUpAfter(Duration.ofMillis(100))
            .build();
    DoctorReport report = impatient.examine(agents.owner());
    try (Connection reader = database.superuser().getConnection();
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("select from agt_1_orders");

      RepairReport repair = impatient.repair(agents.owner(), report);

      assertThat(repair.results())
          .extracting(Result::outcome)
          .containsExactly(Outcome.FAILED, Outcome.REPAIRED);
      assertThat(repair.failures().get(0).error())
          .hasValueSatisfying(e -> assertThat(e).contains("55P03"));
      reader.rollback();
    }
  }

  @Test
  void aReportAboutAnotherSchemaIsRefused() {
    DoctorReport report = examine();

    assertThatThrownBy(
            () -> CrmDoctor.builder().schema("crm").build().repair(agents.owner(), report))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("public")
        .hasMessageContaining("crm");
  }
}
