package dev.dovetable.schema.doctor;

import dev.dovetable.schema.doctor.Finding.Code;
import dev.dovetable.schema.doctor.Finding.Severity;
import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.install.SchemaStatus;
import dev.dovetable.schema.install.SchemaStatus.State;
import dev.dovetable.schema.internal.jdbc.Probe;
import dev.dovetable.schema.internal.jdbc.Transaction;
import dev.dovetable.schema.internal.settings.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One examination over one connection. Used once. */
final class Examination {
  private final Connection connection;
  private final DoctorSettings settings;

  Examination(Connection connection, DoctorSettings settings) {
    this.connection = connection;
    this.settings = settings;
  }

  DoctorReport report(long begin) throws SQLException {
    requireInstalled(connection, settings.target());
    List<Finding> foundations = foundations();
    if (!foundations.isEmpty()) {
      Capacity capacity =
          new CapacityCheck(connection, settings.target()).measure(new AgentSnapshot(List.of()));
      return report(foundations, capacity, begin);
    }
    List<Finding> findings = new ArrayList<>(new InstallationCheck(connection, settings).run());
    AgentsCheck agents = new AgentsCheck(connection, settings);
    findings.addAll(confirmed(agents));
    AgentSnapshot snapshot = agents.snapshot();
    findings.addAll(new OrderTotalsCheck(connection, settings).run(snapshot));
    findings.addAll(new ConversationsCheck(connection, settings).run(snapshot));
    findings.addAll(new SequencesCheck(connection, settings.target()).run(snapshot));
    Capacity capacity = new CapacityCheck(connection, settings.target()).measure(snapshot);
    findings.addAll(CapacityCheck.findings(capacity));
    return report(findings, capacity, begin);
  }

  private DoctorReport report(List<Finding> findings, Capacity capacity, long begin) {
    return new DoctorReport(
        settings.target().schema(),
        findings,
        capacity,
        Duration.ofNanos(System.nanoTime() - begin));
  }

  private List<Finding> foundations() throws SQLException {
    try (Transaction transaction =
        Transaction.begin(connection, settings.target().privateSchema(), true)) {
      return Foundations.missing(transaction.connection());
    }
  }

  /**
   * Agents are made, deleted and migrated between one statement and the next, so what is seen once
   * may be half of something. What is seen twice is there.
   */
  private static List<Finding> confirmed(AgentsCheck agents) throws SQLException {
    List<Finding> first = agents.look(Optional.empty());
    if (first.isEmpty()) {
      return first;
    }
    Set<String> prefixes =
        first.stream().map(Finding::prefix).flatMap(Optional::stream).collect(Collectors.toSet());
    boolean isOfSome = first.stream().allMatch(finding -> finding.prefix().isPresent());
    Set<Finding> second =
        new HashSet<>(agents.look(isOfSome ? Optional.of(prefixes) : Optional.empty()));
    return first.stream().filter(second::contains).toList();
  }

  static void requireInstalled(Connection connection, Target target) throws SQLException {
    SchemaStatus status;
    Probe probe;
    try (Transaction transaction = Transaction.begin(connection, target.privateSchema(), true)) {
      status = CrmSchema.builder().schema(target.schema()).build().status(transaction.connection());
      probe = Probe.read(transaction.connection(), target);
    }
    boolean isOlder =
        status.installedVersion().filter(v -> v < status.libraryVersion()).isPresent();
    boolean isOther = status.state() == State.EMPTY || status.state() == State.FOREIGN;
    // With a history, it is not that something is missing, which would be told below.
    boolean isEarlier = status.state() == State.OUTDATED && !probe.history().isEmpty();
    if (isOther || isOlder || isEarlier || !probe.filesNotRun().isEmpty()) {
      throw new SchemaException(
          Reason.NOT_CURRENT,
          "Schema %s is %s%s."
              .formatted(
                  target.schema(),
                  status.state(),
                  status.details().isEmpty() ? "" : ": " + String.join("; ", status.details())),
          "Run CrmSchema.install first, as the owner of the schema.");
    }
    if (status.state() == State.NEWER) {
      throw new SchemaException(
          Reason.NEWER_VERSION,
          "In schema " + target.schema() + " " + String.join("; ", status.details()) + ".",
          "Use the release of this library that installed it, or a later one.");
    }
    List<String> ownership =
        probe.missingRights().stream()
            .filter(right -> right.matches("grant (?!usage, create on |create on ).*"))
            .toList();
    if (!ownership.isEmpty()) {
      throw new SchemaException(
          Reason.MISSING_RIGHTS,
          "Role %s is not the one that installed schema %s."
              .formatted(probe.currentRole(), target.schema()),
          "Connect as that role. If one login is to do everything, let a superuser run: "
              + String.join("; ", ownership)
              + ";");
    }
  }

  static Finding notExamined(String object, String problem, String remedy) {
    return new Finding(
        Code.NOT_EXAMINED, Severity.WARNING, Optional.empty(), object, problem, remedy, List.of());
  }
}
