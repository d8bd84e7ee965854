package dev.wacrm.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class CrmDoctorTest {
  @Test
  void aFreshDatabaseIsHealthy() throws SQLException {
    try (AgentsOf agents = AgentsOf.create()) {
      agents.make(1, 3);
      DoctorReport report = CrmDoctor.create().examine(agents.owner());
      assertThat(report.findings()).isEmpty();
      AgentMigrations.of(AgentsOf.visits("001_create_visits.sql", "002_add_reason.sql"))
          .run(agents.owner());
      report = CrmDoctor.create().examine(agents.owner());
      assertThat(report.findings()).isEmpty();
    }
  }
}
