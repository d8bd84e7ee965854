package dev.dovetable.examples.benchmarks;

import static dev.dovetable.testkit.CrmAssertions.assertThat;

import dev.dovetable.core.users.NewUser;
import dev.dovetable.core.users.UserRole;
import dev.dovetable.examples.benchmarks.server.Sql;
import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.testkit.CrmDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** What create_agent is compared with makes the same agent. */
class CreateAgentByHandTest {

  private static final String PREFIX = "agt_by_hand";

  @Test
  void makesWhatCreateAgentMakes() throws SQLException {
    try (CrmDatabase database = CrmDatabase.create();
        Connection superuser = database.superuser().getConnection()) {
      database
          .crm()
          .asService()
          .users()
          .create(new NewUser("Ada", "ada@crm.example", UserRole.ADMIN));
      database
          .crm()
          .asService()
          .users()
          .create(new NewUser("Ben", PREFIX + "@crm.example", UserRole.AGENT));
      String id = Sql.text(superuser, Sql.of("next_agent_id.sql"));

      Sql.run(superuser, Sql.of("create_agent_by_hand.sql", PREFIX).replace("{agent_id}", id));

      assertThat(CrmDoctor.create().examine(database.superuser()).findings()).isEmpty();
      assertThat(database).matchesSchema().hasRowSecurityEverywhere().hasNoOrphanedTables();
      assertThat(database.asAgent(PREFIX).agentId()).isEqualTo(Long.parseLong(id));
      assertThat(database.asAgent(PREFIX).customers().count()).isZero();
    }
  }
}
