package dev.dovetable.schema.install;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.install.InstallReport.Note;
import dev.dovetable.schema.install.InstallReport.Outcome;
import dev.dovetable.schema.install.InstallReport.Step;
import dev.dovetable.schema.install.SchemaStatus.State;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.files.Script;
import dev.dovetable.schema.internal.files.Scripts;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.jdbc.Probe;
import dev.dovetable.schema.internal.jdbc.SqlErrors;
import dev.dovetable.schema.internal.jdbc.Transaction;
import dev.dovetable.schema.internal.settings.Target;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One installation inside one transaction, which the caller ends. */
final class Installer {
  private final Transaction transaction;
  private final Connection connection;
  private final Target target;
  private final Scripts scripts;
  private final boolean withAgents;
  private final List<Step> steps = new ArrayList<>();
  private final List<Note> notes = new ArrayList<>();

  /**
   * @param withAgents whether older agents are brought up to date in this transaction, too
   */
  Installer(Transaction transaction, Target target, Scripts scripts, boolean withAgents) {
    this.transaction = transaction;
    this.connection = transaction.connection();
    this.target = target;
    this.scripts = scripts;
    this.withAgents = withAgents;
  }

  InstallReport install() throws SQLException {
    Probe findings = Probe.read(connection, target);
    Diagnosis diagnosis = Diagnosis.of(findings, scripts, target.schema());
    Refusals.check(findings, diagnosis, target);
    if (isDone(diagnosis) && !findings.loginLacksRole()) {
      return done(diagnosis);
    }
    lock();
    // Another installer may have been at work while this one waited.
    findings = Probe.read(connection, target);
    diagnosis = Diagnosis.of(findings, scripts, target.schema());
    Refusals.check(findings, diagnosis, target);
    if (isDone(diagnosis)) {
      notes.addAll(new Rights(connection, target).grantMemberships());
      return done(diagnosis);
    }
    Refusals.checkRights(findings);
    return run(findings, diagnosis);
  }

  /** But for agents' tables. */
  private static boolean isDone(Diagnosis diagnosis) {
    boolean isCurrent = diagnosis.status().isCurrent() || diagnosis.state() == State.AGENTS_BEHIND;
    return isCurrent && diagnosis.recorded();
  }

  private InstallReport done(Diagnosis diagnosis) throws SQLException {
    if (diagnosis.status().isCurrent()) {
      return report(Outcome.ALREADY_CURRENT, diagnosis);
    }
    migrateAgents();
    return report(Outcome.UPGRADED, diagnosis);
  }

  private void migrateAgents() throws SQLException {
    if (withAgents) {
      Jdbc.run(connection, Resources.read("installer/search_path.sql"), target.privateSchema());
      Jdbc.run(connection, Resources.read("agents/migrate_all.sql"));
      transaction.restore();
    }
  }

  private void lock() throws SQLException {
    try {
      Jdbc.run(
          connection,
          Resources.read("installer/lock.sql"),
          Long.toString(target.lockTimeout().toMillis()));
    } catch (SQLException e) {
      if (SqlErrors.isLockTimeout(e)) {
        throw new SchemaException(
            Reason.LOCKED,
            "Another installer is at work in this database and has not ended within "
                + target.lockTimeout()
                + ".",
            "Wait for it and try again, or allow more time with lockTimeout(…).",
            e);
      }
      throw e;
    }
  }

  private InstallReport run(Probe findings, Diagnosis diagnosis) throws SQLException {
    if (!findings.schemaExists()) {
      createSchema();
    }
    List<Script> plan =
        switch (diagnosis.state()) {
          case OUTDATED -> scripts.upgradeFrom(diagnosis.status().installedVersion().orElse(0));
          default -> scripts.complete();
        };
    for (Script script : plan) {
      run(script);
    }
    migrateAgents();
    record(plan);
    Jdbc.run(connection, Resources.read("installer/reload.sql"));
    Rights rights = new Rights(connection, target);
    notes.addAll(rights.grantMemberships());
    notes.addAll(rights.intruders());
    notes.addAll(rights.limits(findings.existingRoles()));
    return report(outcome(diagnosis), diagnosis);
  }

  private static Outcome outcome(Diagnosis diagnosis) {
    return switch (diagnosis.state()) {
      case EMPTY -> Outcome.INSTALLED;
      case OUTDATED, AGENTS_BEHIND -> Outcome.UPGRADED;
      case MODIFIED -> Outcome.REPAIRED;
      case CURRENT -> Outcome.ADOPTED;
      case NEWER, FOREIGN -> throw new IllegalStateException("Refused before: " + diagnosis);
    };
  }

  private void createSchema() throws SQLException {
    Jdbc.runText(
        connection,
        Jdbc.querySingle(
            connection,
            Resources.read("installer/create_schema.sql"),
            row -> row.getString("statement"),
            target.schema()));
  }

  private void run(Script script) throws SQLException {
    Jdbc.run(connection, Resources.read("installer/search_path.sql"), target.schema());
    long begin = System.nanoTime();
    try {
      for (String warning : Jdbc.runText(connection, script.statements())) {
        notes.add(new Note(warning, "Raised by " + script.path() + ".", Optional.empty()));
      }
    } catch (SQLException e) {
      throw SqlErrors.translate("run " + script.path() + " in schema " + target.schema(), e);
    }
    transaction.restore();
    steps.add(new Step(script.path(), Duration.ofNanos(System.nanoTime() - begin)));
  }

  private void record(List<Script> plan) throws SQLException {
    Jdbc.run(connection, Resources.read("installer/search_path.sql"), target.privateSchema());
    Jdbc.runText(connection, Resources.read("installer/history.sql"));
    try (PreparedStatement insert =
        connection.prepareStatement(Resources.read("installer/history_insert.sql"))) {
      for (int i = 0; i < plan.size(); i++) {
        Script script = plan.get(i);
        insert.setInt(1, scripts.version());
        insert.setString(2, script.path());
        insert.setString(3, script.description());
        insert.setString(4, script.checksum());
        insert.setInt(5, Math.toIntExact(steps.get(i).duration().toMillis()));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private InstallReport report(Outcome outcome, Diagnosis diagnosis) {
    return new InstallReport(
        outcome,
        target.schema(),
        diagnosis.status().installedVersion(),
        scripts.version(),
        steps,
        notes,
        Optional.empty());
  }
}
