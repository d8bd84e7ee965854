package dev.dovetable.schema.doctor;

import dev.dovetable.schema.doctor.AgentSnapshot.Agent;
import dev.dovetable.schema.doctor.Finding.Code;
import dev.dovetable.schema.doctor.RepairReport.Outcome;
import dev.dovetable.schema.doctor.RepairReport.Result;
import dev.dovetable.schema.internal.catalog.Blueprint;
import dev.dovetable.schema.internal.catalog.Comparison;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.jdbc.Retry;
import dev.dovetable.schema.internal.jdbc.SqlErrors;
import dev.dovetable.schema.internal.jdbc.Transaction;
import dev.dovetable.schema.internal.settings.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Repairs what a report shows, over one connection. Used once. */
final class Repair {
  private final Connection connection;
  private final DoctorSettings settings;
  private final Target target;

  Repair(Connection connection, DoctorSettings settings) {
    this.connection = connection;
    this.settings = settings;
    this.target = settings.target();
  }

  /** What is looked at and changed under the same locks. */
  private interface Section {
    /** What is to be seen now, after taking the locks. */
    List<Finding> look() throws SQLException;
  }

  RepairReport run(List<Finding> repairable, long begin) throws SQLException {
    Examination.requireInstalled(connection, target);
    List<Finding> foundations = repairable.stream().filter(Foundations::isOne).toList();
    if (!foundations.isEmpty()) {
      return onNewFoundations(foundations, begin);
    }
    Map<Optional<String>, List<Finding>> byAgent = new LinkedHashMap<>();
    for (Finding finding : repairable) {
      byAgent.computeIfAbsent(finding.prefix(), prefix -> new ArrayList<>()).add(finding);
    }
    List<Result> results = new ArrayList<>();
    List<Finding> ofInstallation = byAgent.remove(Optional.<String>empty());
    if (ofInstallation != null) {
      results.addAll(repairInstallation(ofInstallation));
    }
    if (!byAgent.isEmpty()) {
      results.addAll(repairAgents(byAgent));
    }
    return new RepairReport(results, Duration.ofNanos(System.nanoTime() - begin));
  }

  /** All else could not be compared without them. */
  private RepairReport onNewFoundations(List<Finding> foundations, long begin) throws SQLException {
    List<Result> results = new ArrayList<>(Foundations.repair(connection, target, foundations));
    if (results.stream().allMatch(result -> result.outcome() == Outcome.REPAIRED)) {
      DoctorReport rest = new Examination(connection, settings).report(begin);
      results.addAll(run(rest.repairable(), begin).results());
    }
    return new RepairReport(results, Duration.ofNanos(System.nanoTime() - begin));
  }

  private List<Result> repairInstallation(List<Finding> findings) throws SQLException {
    InstallationCheck check = new InstallationCheck(connection, settings);
    Blueprint blueprint = FreshInstallation.blueprint(connection, settings);
    return repairTogether(
        findings,
        () -> {
          enterQueue();
          Jdbc.run(
              connection,
              Resources.read("installer/lock.sql"),
              Long.toString(settings.lockTimeout().toMillis()));
          List<Finding> seen = new ArrayList<>(new LedgerCheck(connection, target).run());
          seen.addAll(check.surroundings());
          seen.addAll(check.compare(blueprint));
          seen.addAll(new SequencesCheck(connection, target).shared());
          return seen;
        });
  }

  private List<Result> repairAgents(Map<Optional<String>, List<Finding>> byAgent)
      throws SQLException {
    Map<String, Agent> agents = agents(byAgent.keySet());
    Set<String> states = agents.values().stream().map(Agent::state).collect(Collectors.toSet());
    states.add("");
    AgentVerdicts verdicts = null;
    Blueprint blueprint = null;
    if (!agents.isEmpty()) {
      blueprint = FreshAgents.make(connection, settings, states).blueprint();
      verdicts = new AgentVerdicts(blueprint);
    }
    List<Result> results = new ArrayList<>();
    for (Map.Entry<Optional<String>, List<Finding>> entry : byAgent.entrySet()) {
      Agent agent = agents.get(entry.getKey().orElseThrow());
      if (agent == null || blueprint == null || verdicts == null) {
        entry.getValue().forEach(finding -> results.add(gone(finding)));
      } else {
        results.addAll(repairAgent(agent, entry.getValue(), blueprint, verdicts));
      }
    }
    return results;
  }

  private Map<String, Agent> agents(Set<Optional<String>> prefixes) throws SQLException {
    try (Transaction transaction = Transaction.begin(connection, target.privateSchema(), true)) {
      DoctorSession.usePath(transaction.connection(), target);
      return AgentSnapshot.read(connection).agents().stream()
          .filter(agent -> prefixes.contains(Optional.of(agent.prefix())))
          .collect(Collectors.toMap(Agent::prefix, agent -> agent));
    }
  }

  private List<Result> repairAgent(
      Agent agent, List<Finding> findings, Blueprint blueprint, AgentVerdicts verdicts)
      throws SQLException {
    return repairTogether(
        findings,
        () -> {
          // Before the agent's own locks, as everybody does who makes or drops tables.
          if (findings.stream().anyMatch(Repair::locksAgents)) {
            enterQueue();
            Jdbc.run(connection, Resources.read("agents/lock_agents.sql"));
          }
          Jdbc.run(
              connection,
              Resources.read("doctor/enter_agent.sql"),
              Long.toString(settings.lockTimeout().toMillis()),
              agent.prefix());
          AgentSnapshot present = AgentSnapshot.read(connection).only(agent::equals);
          List<Finding> seen = new ArrayList<>(new LedgerCheck(connection, target).run());
          if (!present.agents().isEmpty()) {
            // Comparing empties the search_path.
            seen.addAll(new ConversationsCheck(connection, settings).of(List.of(agent)));
            seen.addAll(new BypassCheck(connection, target).tablesAndViews());
            seen.addAll(
                verdicts.of(agent, Comparison.run(connection, blueprint, present.subjects())));
            seen.addAll(new SequencesCheck(connection, target).of(List.of(agent)));
          }
          return seen;
        });
  }

  /** Tables that are made, and foreign keys to agents. */
  private static boolean locksAgents(Finding finding) {
    return finding.code() == Code.AGENT_WITHOUT_TABLES || finding.code() == Code.CONSTRAINT;
  }

  private void enterQueue() throws SQLException {
    Jdbc.run(
        connection,
        Resources.read("agents/enter.sql"),
        Long.toString(settings.lockTimeout().toMillis()));
  }

  private List<Result> repairTogether(List<Finding> findings, Section section) throws SQLException {
    try {
      return Retry.onConflict(
          settings.giveUpAfter(),
          () -> {
            try (Transaction transaction =
                Transaction.begin(connection, target.privateSchema(), false)) {
              DoctorSession.usePath(transaction.connection(), target);
              List<Finding> seen = section.look();
              Jdbc.run(connection, Resources.read("doctor/no_path.sql"));
              List<Result> results = new ArrayList<>();
              for (Finding finding : findings) {
                results.add(seen.contains(finding) ? repair(finding) : gone(finding));
              }
              transaction.complete();
              return results;
            }
          });
    } catch (SQLException e) {
      if (!SqlErrors.isConflict(e)) {
        throw e;
      }
      return findings.stream().map(finding -> failed(finding, e)).toList();
    }
  }

  private Result repair(Finding finding) throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      for (String statement : finding.repair()) {
        Jdbc.execute(connection, statement);
      }
      connection.releaseSavepoint(before);
      return new Result(finding, Outcome.REPAIRED, Optional.empty());
    } catch (SQLException e) {
      if (SqlErrors.isConflict(e) || SqlErrors.isUnreachable(e)) {
        throw e;
      }
      connection.rollback(before);
      return failed(finding, e);
    }
  }

  private static Result gone(Finding finding) {
    return new Result(finding, Outcome.GONE, Optional.empty());
  }

  private static Result failed(Finding finding, SQLException e) {
    return new Result(
        finding,
        Outcome.FAILED,
        Optional.of("SQLSTATE " + e.getSQLState() + ": " + SqlErrors.words(e)));
  }
}
