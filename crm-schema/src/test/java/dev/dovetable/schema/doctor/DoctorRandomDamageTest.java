package dev.dovetable.schema.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.migration.AgentMigrations;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several kinds of damage at once on some agents: exactly these are found. */
@Tag("slow")
class DoctorRandomDamageTest {
  private static final int AGENTS = 10;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void exactlyTheDamagedAgentsAreFoundAndOnlyTheUnrepairableStay(long seed) throws SQLException {
    Random random = new Random(seed);
    try (AgentsOf agents = AgentsOf.create().make(1, AGENTS)) {
      AgentMigrations.of(AgentsOf.visits("001_create_visits.sql", "002_add_reason.sql"))
          .run(agents.owner());
      Map<String, List<Damage>> done = new LinkedHashMap<>();
      for (int n = 0; n < AGENTS * 2; n++) {
        int id = 1 + random.nextInt(AGENTS);
        Damage damage = Damage.values()[random.nextInt(Damage.values().length)];
        if (isPossible(agents, damage, id)) {
          done.computeIfAbsent("agt_" + id, prefix -> new ArrayList<>()).add(damage);
        }
      }

      DoctorReport damaged = CrmDoctor.create().examine(agents.owner());
      CrmDoctor.create().repair(agents.owner(), damaged);
      // What was lost with a table, or behind a constraint that came back, shows in a second round.
      DoctorReport second = CrmDoctor.create().examine(agents.owner());
      CrmDoctor.create().repair(agents.owner(), second);
      DoctorReport last = CrmDoctor.create().examine(agents.owner());

      assertThat(done).as("damaged at all").hasSizeBetween(2, AGENTS);
      assertThat(prefixes(damaged.findings())).as("%s", done).isEqualTo(done.keySet());
      Set<String> unrepairable =
          done.entrySet().stream()
              .filter(entry -> entry.getValue().stream().anyMatch(one -> !one.isRepairable()))
              .map(Map.Entry::getKey)
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(prefixes(last.findings())).as("%s", done).isEqualTo(unrepairable);
    }
  }

  /** Not if it needs what another damage has taken away. */
  private static boolean isPossible(AgentsOf agents, Damage damage, int id) {
    try {
      agents.database().execute(damage.sql("agt_" + id, id));
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  private static Set<String> prefixes(List<Finding> findings) {
    return findings.stream()
        .map(Finding::prefix)
        .flatMap(Optional::stream)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
