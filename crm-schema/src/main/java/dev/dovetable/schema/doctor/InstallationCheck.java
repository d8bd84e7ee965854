package dev.dovetable.schema.doctor;

import dev.dovetable.schema.doctor.Finding.Code;
import dev.dovetable.schema.doctor.Finding.Severity;
import dev.dovetable.schema.internal.catalog.Blueprint;
import dev.dovetable.schema.internal.catalog.Comparison;
import dev.dovetable.schema.internal.catalog.Difference;
import dev.dovetable.schema.internal.catalog.Folding;
import dev.dovetable.schema.internal.catalog.ObjectKind;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.jdbc.SqlErrors;
import dev.dovetable.schema.internal.jdbc.Transaction;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Compares the base tables, types and functions with a fresh installation, and looks around. */
final class InstallationCheck {
  private final Connection connection;
  private final DoctorSettings settings;

  InstallationCheck(Connection connection, DoctorSettings settings) {
    this.connection = connection;
    this.settings = settings;
  }

  List<Finding> run() throws SQLException {
    List<Finding> findings = new ArrayList<>(compare());
    findings.addAll(lookAround());
    return findings;
  }

  private List<Finding> compare() throws SQLException {
    String schema = settings.target().schema();
    if (!FreshInstallation.canStandFor(connection, settings.target())) {
      return List.of(
          Examination.notExamined(
              schema,
              "base tables and functions were not compared, because the schema's name is a keyword, or holds a"
                  + " quote or a backslash",
              "Compare them with an installation in another schema, by eye."));
    }
    Blueprint blueprint;
    try {
      blueprint = FreshInstallation.blueprint(connection, settings);
    } catch (SQLException e) {
      if (!SqlErrors.isMissingRight(e)) {
        throw e;
      }
      return List.of(
          Examination.notExamined(
              schema,
              "base tables and functions were not compared, because this role may not install: "
                  + SqlErrors.words(e),
              "Grant CREATE on the database to the role that installed, and examine again."));
    }
    try (Transaction transaction =
        Transaction.begin(connection, settings.target().privateSchema(), true)) {
      return new InstallationCheck(transaction.connection(), settings).compare(blueprint);
    }
  }

  /** What differs from a fresh installation; within a transaction, whose search_path is emptied. */
  List<Finding> compare(Blueprint blueprint) throws SQLException {
    List<Difference> differences =
        Comparison.run(
            connection, blueprint, List.of(FreshInstallation.subject(settings.target())));
    Verdicts verdicts = new Verdicts(Optional.empty(), Set.of(), blueprint.keys(""));
    return Folding.fold(differences).stream()
        .filter(one -> !isHistoryOfAnother(one))
        .map(verdicts::of)
        .flatMap(Optional::stream)
        .toList();
  }

  /** Installed by psql, there is none. */
  private static boolean isHistoryOfAnother(Difference one) {
    return one.kind() == ObjectKind.TABLE
        && one.relation().equals("schema_history")
        && one.isMissing();
  }

  private List<Finding> lookAround() throws SQLException {
    try (Transaction transaction =
        Transaction.begin(connection, settings.target().privateSchema(), true)) {
      DoctorSession.usePath(transaction.connection(), settings.target());
      List<Finding> findings = surroundings();
      findings.addAll(new PeopleCheck(connection, settings.target()).accounts());
      findings.addAll(KeptWebhooksCheck.run(transaction.connection()));
      return findings;
    }
  }

  /** Within a transaction, with the functions' search_path. */
  List<Finding> surroundings() throws SQLException {
    String schema = settings.target().schema();
    String privateSchema = settings.target().privateSchema();
    List<Finding> findings = new ArrayList<>();
    findings.addAll(
        Jdbc.query(
            connection,
            Resources.read("doctor/surroundings.sql"),
            InstallationCheck::read,
            schema,
            privateSchema));
    findings.addAll(
        Jdbc.query(
            connection,
            Resources.read("installer/intruders.sql"),
            InstallationCheck::intruder,
            schema,
            privateSchema));
    findings.addAll(new PeopleCheck(connection, settings.target()).memberships());
    findings.addAll(new BypassCheck(connection, settings.target()).run());
    findings.addAll(ChangeRingCheck.run(connection));
    return findings;
  }

  private static Finding intruder(ResultSet row) throws SQLException {
    boolean isThere = row.getString("kind").equals("shadow");
    return new Finding(
        isThere ? Code.EXTRA_OBJECT : Code.PRIVILEGE,
        Severity.ERROR,
        Optional.empty(),
        row.getString("name"),
        row.getString("problem"),
        (isThere ? "Look what it does, then have it dropped: " : "Have the schema's owner run: ")
            + row.getString("statement")
            + ";",
        List.of());
  }

  private static Finding read(ResultSet row) throws SQLException {
    String name = row.getString("name");
    String problem = row.getString("problem");
    return switch (row.getString("kind")) {
      case "role" ->
          new Finding(
              Code.ROLE,
              Severity.ERROR,
              Optional.empty(),
              name,
              problem,
              "Take it away: alter role … nosuperuser nobypassrls, or revoke the membership.",
              List.of());
      case "schema" ->
          new Finding(
              Code.PRIVILEGE,
              Severity.ERROR,
              Optional.empty(),
              name,
              problem,
              "Have the schema's owner grant or revoke it.",
              List.of());
      case "usage" -> {
        List<String> repair = Optional.ofNullable(row.getString("statement")).stream().toList();
        yield new Finding(
            Code.PRIVILEGE,
            Severity.ERROR,
            Optional.empty(),
            name,
            problem,
            repair.isEmpty() ? "Have the owner grant it." : Verdicts.REPAIR,
            repair);
      }
      case "trigger" ->
          new Finding(
              Code.TRIGGER,
              Severity.WARNING,
              Optional.empty(),
              name,
              problem,
              Verdicts.REPAIR,
              List.of(row.getString("statement")));
      case "number" ->
          new Finding(
              Code.NUMBER_ELSEWHERE,
              Severity.WARNING,
              Optional.empty(),
              name,
              problem,
              "Move it by move_agent_number(), or take it out of the configuration by update_whatsapp_config(…,"
                  + " phone_number_id => '').",
              List.of());
      case "locale" ->
          new Finding(
              Code.LOCALE,
              Severity.WARNING,
              Optional.empty(),
              name,
              problem,
              "Move to a database with another locale, such as C.UTF-8, or a server with ICU.",
              List.of());
      default ->
          new Finding(
              Code.HOST_TABLE,
              Severity.INFO,
              Optional.empty(),
              name,
              problem,
              "If its rows aren't meant for everybody, enable row level security or revoke it.",
              List.of());
    };
  }
}
