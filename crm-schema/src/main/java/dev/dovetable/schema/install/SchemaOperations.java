package dev.dovetable.schema.install;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.install.InstallReport.Note;
import dev.dovetable.schema.install.InstallReport.Outcome;
import dev.dovetable.schema.internal.files.Scripts;
import dev.dovetable.schema.internal.jdbc.Connections;
import dev.dovetable.schema.internal.jdbc.Probe;
import dev.dovetable.schema.internal.jdbc.SqlErrors;
import dev.dovetable.schema.internal.jdbc.Transaction;
import dev.dovetable.schema.internal.settings.Target;
import dev.dovetable.schema.migration.AgentMigrationReport;
import dev.dovetable.schema.migration.AgentMigrations;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.slf4j.Logger;

/** What {@link CrmSchema} does with a database, in which transactions. Immutable, thread-safe. */
record SchemaOperations(Target target, Scripts scripts, Logger log) {
  private static final int NAMED_FAILURES = 5;

  /** Opens a transaction, or joins one. */
  @FunctionalInterface
  private interface Opener {
    Transaction open(Connection connection, String privateSchema, boolean readOnly)
        throws SQLException;
  }

  /**
   * In a transaction of its own; then agent after agent, because one would lock the whole fleet.
   */
  InstallReport install(DataSource dataSource) {
    InstallReport report =
        Connections.with(
            dataSource,
            "install the schema",
            connection -> install(connection, Transaction::begin, false));
    boolean mayHaveOlderAgents =
        report.outcome() != Outcome.INSTALLED && report.outcome() != Outcome.ALREADY_CURRENT;
    InstallReport complete = mayHaveOlderAgents ? withAgents(report, dataSource) : report;
    log(complete);
    return complete;
  }

  InstallReport install(Connection connection) {
    InstallReport report =
        SqlErrors.translating(
            "install the schema", () -> install(connection, opener(connection), true));
    log(report);
    return report;
  }

  SchemaStatus status(DataSource dataSource) {
    return Connections.with(
        dataSource, "examine the schema", connection -> status(connection, Transaction::begin));
  }

  SchemaStatus status(Connection connection) {
    return SqlErrors.translating(
        "examine the schema", () -> status(connection, opener(connection)));
  }

  private static Opener opener(Connection connection) throws SQLException {
    return connection.getAutoCommit() ? Transaction::begin : Transaction::join;
  }

  private InstallReport install(Connection connection, Opener opener, boolean withAgents)
      throws SQLException {
    try (Transaction transaction = opener.open(connection, target.privateSchema(), false)) {
      InstallReport report = new Installer(transaction, target, scripts, withAgents).install();
      transaction.complete();
      return report;
    }
  }

  private InstallReport withAgents(InstallReport report, DataSource dataSource) {
    AgentMigrationReport agents = new AgentMigrations(target).run(dataSource);
    if (agents.results().isEmpty()) {
      return report;
    }
    List<Note> notes = new ArrayList<>(report.notes());
    if (!agents.isComplete()) {
      notes.add(failed(agents));
    }
    return new InstallReport(
        report.outcome(),
        report.schema(),
        report.previousVersion(),
        report.version(),
        report.steps(),
        notes,
        Optional.of(agents));
  }

  private static Note failed(AgentMigrationReport agents) {
    String first =
        agents.failures().stream()
            .limit(NAMED_FAILURES)
            .map(failure -> failure.prefix() + " (" + failure.error().orElse("") + ")")
            .collect(Collectors.joining(", "));
    return new Note(
        "%d of %d agents were not brought up to date: %s%s."
            .formatted(
                agents.failures().size() + agents.remaining(),
                agents.results().size() + agents.remaining(),
                first,
                agents.failures().size() > NAMED_FAILURES ? " and others" : ""),
        "Their tables are as they were. Once the cause is gone, the next installation does the rest.",
        Optional.empty());
  }

  private SchemaStatus status(Connection connection, Opener opener) throws SQLException {
    // Never completed: what it set is undone.
    try (Transaction transaction = opener.open(connection, target.privateSchema(), true)) {
      Probe findings = Probe.read(transaction.connection(), target);
      Refusals.checkReadable(findings, target);
      return Diagnosis.of(findings, scripts, target.schema())
          .withLogin(findings, target.loginRole());
    }
  }

  static void requireCurrent(SchemaStatus status) {
    if (!status.isCurrent()) {
      throw new SchemaException(
          Reason.NOT_CURRENT,
          String.format(
              "Schema %s is %s, not %s%s.",
              status.schema(),
              status.state(),
              SchemaStatus.State.CURRENT,
              status.details().isEmpty() ? "" : ": " + Refusals.joined(status.details())),
          "Run CrmSchema.install as the owner of the schema; where it must refuse, it says what to do.");
    }
  }

  private void log(InstallReport report) {
    if (report.outcome() == Outcome.ALREADY_CURRENT) {
      log.debug("CRM schema {}: version {} is current", report.schema(), report.version());
    } else {
      log.info(
          "CRM schema {}: {}, version {}, {} files in {} ms",
          report.schema(),
          report.outcome(),
          report.version(),
          report.steps().size(),
          report.duration().toMillis());
    }
    for (Note note : report.notes()) {
      if (note.statement().isPresent()) {
        log.warn("CRM schema {}: {}", report.schema(), note);
      } else {
        log.info("CRM schema {}: {}", report.schema(), note);
      }
    }
  }
}
