package dev.dovetable.schema.doctor;

import dev.dovetable.schema.doctor.AgentSnapshot.Agent;
import dev.dovetable.schema.doctor.Finding.Code;
import dev.dovetable.schema.doctor.Finding.Severity;
import dev.dovetable.schema.internal.catalog.Blueprint;
import dev.dovetable.schema.internal.catalog.Comparison;
import dev.dovetable.schema.internal.catalog.Difference;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.jdbc.SqlErrors;
import dev.dovetable.schema.internal.jdbc.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Compares agents with fresh ones, and looks for what no agent owns. */
final class AgentsCheck {
  /** Each one costs a fresh agent, while nobody else can make one. */
  private static final int MOST_STATES = 8;

  private final Connection connection;
  private final DoctorSettings settings;
  private AgentSnapshot snapshot = new AgentSnapshot(List.of());
  private String newestState = "";

  AgentsCheck(Connection connection, DoctorSettings settings) {
    this.connection = connection;
    this.settings = settings;
  }

  /** All agents, as of the last look. */
  AgentSnapshot snapshot() {
    return snapshot;
  }

  /**
   * What is to be seen now.
   *
   * @param prefixes the agents to look at; empty for all
   */
  List<Finding> look(Optional<Set<String>> prefixes) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    try (Transaction transaction = begin()) {
      DoctorSession.usePath(transaction.connection(), settings.target());
      snapshot = AgentSnapshot.read(connection);
      newestState =
          Jdbc.querySingle(
              connection, Resources.read("doctor/newest_state.sql"), row -> row.getString("state"));
      findings.addAll(new LedgerCheck(connection, settings.target()).run());
    }
    try (Transaction transaction = begin()) {
      findings.addAll(new OrphansCheck(transaction.connection(), settings.target()).run(snapshot));
    }
    AgentSnapshot asked =
        snapshot.only(agent -> prefixes.isEmpty() || prefixes.get().contains(agent.prefix()));
    if (!asked.agents().isEmpty()) {
      findings.addAll(compare(asked));
    }
    return findings;
  }

  private Transaction begin() throws SQLException {
    return Transaction.begin(connection, settings.target().privateSchema(), true);
  }

  private List<Finding> compare(AgentSnapshot asked) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    FreshAgents.Made fresh = FreshAgents.make(connection, settings, commonStates(asked));
    fresh.failure().ifPresent(e -> findings.add(noAgentCanBeMade(e)));
    Blueprint blueprint = fresh.blueprint();
    Set<String> states = blueprint.states();
    Predicate<Agent> isComparable =
        agent -> states.contains(agent.state()) && !agent.isOfOlderRelease();
    AgentSnapshot comparable = asked.only(isComparable);
    Map<Long, List<Difference>> differences = new LinkedHashMap<>();
    try (Transaction transaction = begin()) {
      for (Difference one :
          Comparison.run(transaction.connection(), blueprint, comparable.subjects())) {
        differences.computeIfAbsent(one.subject(), id -> new ArrayList<>()).add(one);
      }
    }
    AgentVerdicts verdicts = new AgentVerdicts(blueprint);
    findings.addAll(AgentVerdicts.unprotected(fresh.breaches()));
    for (Agent agent : asked.agents()) {
      boolean isCompared = isComparable.test(agent);
      agent.missing().ifPresent(missing -> findings.add(outdated(agent, missing, isCompared)));
      findings.addAll(verdicts.of(agent, differences.getOrDefault(agent.id(), List.of())));
    }
    return findings;
  }

  /** No versions at all, all of them, and what most ledgers claim. */
  private Set<String> commonStates(AgentSnapshot asked) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    asked.agents().forEach(agent -> counts.merge(agent.state(), 1, Integer::sum));
    Set<String> states = new LinkedHashSet<>();
    states.add("");
    states.add(newestState);
    counts.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(MOST_STATES)
        .forEach(entry -> states.add(entry.getKey()));
    return states;
  }

  private static Finding outdated(Agent agent, String missing, boolean isCompared) {
    return new Finding(
        Code.OUTDATED,
        Severity.WARNING,
        Optional.of(agent.prefix()),
        "agent_versions",
        "the agent misses "
            + missing
            + (isCompared ? "" : "; it was not compared, because no such agent could be made"),
        agent.isOfOlderRelease()
            ? "Run CrmSchema.install; the table agent_failures holds why it failed, if it did."
            : "Run AgentMigrations; the table agent_failures holds why it failed, if it did.",
        List.of());
  }

  private Finding noAgentCanBeMade(SQLException e) {
    return new Finding(
        Code.AGENT_CREATION,
        Severity.ERROR,
        Optional.empty(),
        "create_agent_tables",
        "no agent can be made: SQLSTATE " + e.getSQLState() + ": " + SqlErrors.words(e),
        "Repair what is found about functions, or correct the extension that fails with a new version;"
            + " then examine again, because such agents could not be compared.",
        List.of());
  }
}
