package dev.dovetable.schema.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.testkit.server.Background;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Examinations beside agents that come, go and are migrated. */
@Tag("slow")
class DoctorConcurrencyTest {
  private static final int EXAMINATIONS = 8;

  @Test
  @Timeout(180)
  void nothingIsFoundAndNobodyFailsWhileAgentsComeAndGo() throws Exception {
    try (AgentsOf agents = AgentsOf.create().make(1, 20)) {
      AgentExtension first = AgentsOf.visits("001_create_visits.sql");
      AgentExtension second = AgentsOf.visits("001_create_visits.sql", "002_add_reason.sql");
      AgentMigrations.of(first).run(agents.owner());
      AtomicBoolean done = new AtomicBoolean();
      CompletableFuture<Integer> traffic = Background.call(() -> comeAndGo(agents, done));
      List<Finding> found = new ArrayList<>();
      try {
        for (int n = 1; n <= EXAMINATIONS; n++) {
          if (n == EXAMINATIONS / 2) {
            Background.call(() -> AgentMigrations.of(second).run(agents.owner()));
          }
          found.addAll(
              CrmDoctor.builder()
                  .orderTotals(n % 2 == 0 ? OrderTotals.FULL : OrderTotals.SAMPLED)
                  .build()
                  .examine(agents.owner())
                  .findings());
        }
      } finally {
        done.set(true);
      }

      assertThat(traffic.get(2, TimeUnit.MINUTES)).as("agents made and deleted").isPositive();
      assertThat(found).filteredOn(finding -> finding.code() != Finding.Code.OUTDATED).isEmpty();
    }
  }

  /** Makes agents, fills them, deletes them; every one of it must work. */
  private static int comeAndGo(AgentsOf agents, AtomicBoolean done) throws SQLException {
    TestDatabase database = agents.database();
    int count = 0;
    for (int n = 100; !done.get(); n++) {
      agents.make(n, n);
      String id = database.string("select id from agents where agent_prefix = 'agt_" + n + "'");
      database.execute(
          "insert into agt_%1$d_customers (agent_id, name, phone) values (%2$s, 'Ada', '1')"
              .formatted(n, id));
      assertThat(database.string("select message from delete_agent(" + id + ")"))
          .contains("deleted");
      count++;
    }
    return count;
  }
}
