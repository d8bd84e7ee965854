package dev.dovetable.schema.doctor;

import dev.dovetable.schema.doctor.AgentSnapshot.Agent;
import dev.dovetable.schema.doctor.Finding.Code;
import dev.dovetable.schema.doctor.Finding.Severity;
import dev.dovetable.schema.internal.agents.TrialAgent.Breach;
import dev.dovetable.schema.internal.catalog.Blueprint;
import dev.dovetable.schema.internal.catalog.Difference;
import dev.dovetable.schema.internal.catalog.Folding;
import dev.dovetable.schema.internal.catalog.ObjectKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What differences between agents and the fresh ones of a blueprint mean. */
final class AgentVerdicts {
  private static final List<String> TABLES =
      List.of("customers", "messages", "orders", "orders_items");

  private final Blueprint blueprint;

  AgentVerdicts(Blueprint blueprint) {
    this.blueprint = blueprint;
  }

  List<Finding> of(Agent agent, List<Difference> differences) {
    List<Finding> findings = new ArrayList<>();
    if (differences.isEmpty()) {
      return findings;
    }
    Set<String> own = keys(agent, "");
    List<Difference> folded = Folding.fold(withoutOtherNames(differences, own));
    List<Difference> lostTables =
        folded.stream()
            .filter(one -> one.kind() == ObjectKind.TABLE && one.isMissing())
            .filter(one -> own.contains(one.key()))
            .toList();
    boolean hasNone = lostTables.size() == TABLES.size();
    if (hasNone) {
      findings.add(withoutTables(agent, lostTables.get(0), folded));
    }
    Verdicts verdicts = new Verdicts(Optional.of(agent.prefix()), own, keys(agent, agent.state()));
    for (Difference one : folded) {
      if (!hasNone || one.kind() != ObjectKind.TABLE) {
        verdicts.of(one).ifPresent(findings::add);
      }
    }
    return findings;
  }

  /** What extensions take away from every agent that is made; about all agents. */
  static List<Finding> unprotected(Set<Breach> breaches) {
    Map<String, Set<String>> problems = new TreeMap<>();
    breaches.forEach(
        one -> problems.computeIfAbsent(one.relation(), key -> new TreeSet<>()).add(one.problem()));
    return problems.entrySet().stream()
        .map(
            one ->
                new Finding(
                    Code.UNPROTECTED_EXTENSION,
                    Severity.ERROR,
                    Optional.empty(),
                    one.getKey(),
                    "%s of every new agent %s"
                        .formatted(one.getKey(), String.join("; ", one.getValue())),
                    "Take out of the extension what does it, with a new version that puts it back.",
                    List.of()))
        .toList();
  }

  private Finding withoutTables(Agent agent, Difference table, List<Difference> folded) {
    boolean hasTablesOfExtensions =
        folded.stream().filter(one -> one.kind() == ObjectKind.TABLE).count()
            < tablesIn(agent.state());
    return new Finding(
        Code.AGENT_WITHOUT_TABLES,
        Severity.ERROR,
        Optional.of(agent.prefix()),
        "agents",
        "the agent has no tables",
        hasTablesOfExtensions
            ? "Restore its tables from a backup, or delete the agent: there are tables of extensions left."
            : "Restore its tables from a backup, or have the doctor make empty ones.",
        hasTablesOfExtensions ? List.of() : table.makeExpected());
  }

  private long tablesIn(String state) {
    return blueprint.expected().stream()
        .filter(one -> one.state().equals(state) && one.kind() == ObjectKind.TABLE)
        .count();
  }

  private Set<String> keys(Agent agent, String state) {
    Set<String> keys = new TreeSet<>();
    for (String key : blueprint.keys(state)) {
      keys.add(
          key.replace(blueprint.first(), agent.prefix())
              .replace(blueprint.second(), Long.toString(agent.id())));
    }
    return keys;
  }

  /**
   * Without what only has another name. PostgreSQL cuts names off at 63 bytes, and those that it
   * makes itself elsewhere for a longer prefix than for a shorter one.
   */
  private static List<Difference> withoutOtherNames(List<Difference> differences, Set<String> own) {
    List<Difference> kept = new ArrayList<>(differences);
    for (Difference one : differences) {
      if (one.isMissing() && !one.isWhole() && !own.contains(one.key())) {
        kept.stream()
            .filter(other -> other.isExtra() && isSameButForName(one, other))
            .findFirst()
            .ifPresent(
                other -> {
                  kept.remove(one);
                  kept.remove(other);
                });
      }
    }
    return kept;
  }

  private static boolean isSameButForName(Difference one, Difference other) {
    return (one.kind() == ObjectKind.INDEX || one.kind() == ObjectKind.CONSTRAINT)
        && other.kind() == one.kind()
        && other.relation().equals(one.relation())
        && other.found().equals(one.expected());
  }
}
