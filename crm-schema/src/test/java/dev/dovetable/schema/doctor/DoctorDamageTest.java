package dev.dovetable.schema.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.doctor.RepairReport.Outcome;
import dev.dovetable.schema.doctor.RepairReport.Result;
import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.fixture.CatalogSnapshot;
import dev.dovetable.schema.migration.AgentMigrations;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each kind of damage on an agent of its own, all at once, among agents whose names are parts of
 * each other's and of what is in their tables.
 */
class DoctorDamageTest {
  /** Left alone. */
  private static final List<String> HEALTHY =
      List.of(
          "a", "id", "customers", "orders", "keep", "items", "public", "agt_1", "agt_1x", "crm");

  private static final Map<Damage, String> PREFIXES = new EnumMap<>(Damage.class);
  private static AgentsOf agents;
  private static CatalogSnapshot before;
  private static CatalogSnapshot after;
  private static DoctorReport damaged;
  private static RepairReport repair;
  private static DoctorReport repaired;

  @BeforeAll
  static void damageExamineRepairAndExamine() throws SQLException {
    for (Damage damage : Damage.values()) {
      // Names that begin with others' names, and with those of triggers.
      PREFIXES.put(damage, "a".repeat(1 + damage.ordinal() % 3) + "_" + damage.ordinal());
    }
    List<String> prefixes = new ArrayList<>(HEALTHY);
    prefixes.addAll(PREFIXES.values());
    agents = AgentsOf.create().make(prefixes);
    AgentMigrations.of(AgentsOf.visits("001_create_visits.sql", "002_add_reason.sql"))
        .run(agents.owner());
    before = agents.database().snapshot();
    for (Damage damage : Damage.values()) {
      String prefix = PREFIXES.get(damage);
      agents.database().execute(damage.sql(prefix, prefixes.indexOf(prefix) + 1));
    }

    CrmDoctor doctor = CrmDoctor.create();
    damaged = doctor.examine(agents.owner());
    repair = doctor.repair(agents.owner(), damaged);
    repaired = doctor.examine(agents.owner());
    after = agents.database().snapshot();
  }

  @AfterAll
  static void drop() {
    agents.close();
  }

  @ParameterizedTest
  @EnumSource
  void isFoundAndRepairedIfThatTouchesNoData(Damage damage) {
    List<Finding> findings = of(damaged, PREFIXES.get(damage));

    assertThat(findings).extracting(Finding::code).contains(damage.code());
    assertThat(findings)
        .as("what is repairable of %s", findings)
        .allSatisfy(
            finding -> {
              if (finding.code() == damage.code()) {
                assertThat(finding.isRepairable()).isEqualTo(damage.isRepairable());
              }
            });
    assertThat(repair.results().stream().filter(r -> findings.contains(r.finding())))
        .as("repairs")
        .hasSameSizeAs(findings.stream().filter(Finding::isRepairable).toList())
        .allSatisfy(
            result -> assertThat(result.outcome()).as("%s", result).isEqualTo(Outcome.REPAIRED));
    assertThat(of(repaired, PREFIXES.get(damage)))
        .as("what is left")
        .isEqualTo(findings.stream().filter(finding -> !finding.isRepairable()).toList());
  }

  @Test
  void nothingElseIsFound() {
    assertThat(damaged.findings())
        .allSatisfy(
            finding -> assertThat(finding.prefix()).hasValueSatisfying(PREFIXES::containsValue))
        .noneSatisfy(finding -> assertThat(HEALTHY).contains(finding.prefix().orElseThrow()));
    assertThat(damaged.isHealthy()).isFalse();
  }

  @Test
  void whatWasRepairedIsAsItWasBefore() {
    Set<String> spoilt =
        PREFIXES.entrySet().stream()
            .filter(entry -> !entry.getKey().isRepairable())
            .map(entry -> "." + entry.getValue() + "_")
            .collect(Collectors.toSet());

    assertThat(
            after
                .only(name -> spoilt.stream().noneMatch(name::contains))
                .differencesFrom(before.only(name -> spoilt.stream().noneMatch(name::contains))))
        .isEmpty();
  }

  @Test
  void repairsAreReportedInFull() {
    assertThat(repair.results()).extracting(Result::finding).isEqualTo(damaged.repairable());
    assertThat(repair.failures()).isEmpty();
  }

  private static List<Finding> of(DoctorReport report, String prefix) {
    return report.findings().stream()
        .filter(finding -> finding.prefix().filter(prefix::equals).isPresent())
        .toList();
  }
}
