package dev.dovetable.schema.install;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.internal.jdbc.Probe;
import dev.dovetable.schema.internal.settings.Target;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The cases in which an installation must not begin, each with its way out. */
final class Refusals {
  private Refusals() {}

  /** Whether the findings can be relied on at all. */
  static void checkReadable(Probe findings, Target target) {
    if (findings.serverVersion() < Diagnosis.MINIMUM_SERVER_VERSION) {
      throw new SchemaException(
          Reason.UNSUITABLE_CONNECTION,
          "The server is PostgreSQL " + majorVersion(findings.serverVersion()) + ".",
          "Use PostgreSQL " + majorVersion(Diagnosis.MINIMUM_SERVER_VERSION) + " or newer.");
    }
    if (!findings.encoding().equals("UTF8")) {
      throw new SchemaException(
          Reason.UNSUITABLE_CONNECTION,
          "Database "
              + findings.database()
              + " is encoded in "
              + findings.encoding()
              + ", which lacks most of what people write in messages.",
          "Use a database that is encoded in UTF8: create database … encoding 'UTF8' template"
              + " template0.");
    }
    if (findings.historyExists() && !findings.historyReadable()) {
      throw new SchemaException(
          Reason.MISSING_RIGHTS,
          String.format(
              Locale.ROOT,
              "Role %s may not read the history %s.schema_history.",
              findings.currentRole(),
              target.privateSchema()),
          "Connect as the role that installed the schema, or as a member of service_role.");
    }
  }

  static void check(Probe findings, Diagnosis diagnosis, Target target) {
    checkReadable(findings, target);
    if (target.loginRole().isPresent() && !findings.loginExists()) {
      throw new SchemaException(
          Reason.MISSING_RIGHTS,
          "The login role " + findings.loginRole() + " does not exist.",
          "Create it (CREATE ROLE … LOGIN) or correct loginRole(…).");
    }
    if (!findings.squattedSchemas().isEmpty()) {
      throw new SchemaException(
          Reason.MISSING_RIGHTS,
          "What the installation relies on could be replaced by others: "
              + joined(findings.squattedSchemas())
              + ".",
          "Look what is in it; then drop it, or let a superuser run: "
              + String.join("; ", findings.squattedRemedies())
              + "; and the same for all that is in it.");
    }
    SchemaStatus status = diagnosis.status();
    switch (status.state()) {
      case FOREIGN -> throw foreign(status, findings);
      case NEWER -> throw newer(status);
      case MODIFIED -> {
        if (!diagnosis.editedScripts().isEmpty()) {
          throw edited(diagnosis, target);
        }
      }
      case EMPTY, CURRENT, OUTDATED, AGENTS_BEHIND -> {}
    }
  }

  static void checkRights(Probe findings) {
    if (!findings.missingRights().isEmpty()) {
      throw new SchemaException(
          Reason.MISSING_RIGHTS,
          String.format(
              Locale.ROOT,
              "Role %s may not install into database %s.",
              findings.currentRole(),
              findings.database()),
          "Let a superuser run: " + String.join("; ", findings.missingRights()) + ";");
    }
  }

  private static SchemaException foreign(SchemaStatus status, Probe findings) {
    if (findings.renameStatement().isPresent()) {
      return new SchemaException(
          Reason.FOREIGN_TABLES,
          "A schema of the installation was renamed, and its functions look for the old name: "
              + joined(status.details())
              + ".",
          "Rename it back: " + findings.renameStatement().get() + ";");
    }
    String problem =
        "Schema "
            + status.schema()
            + " cannot be used, because something else is there: "
            + joined(status.details())
            + ".";
    return new SchemaException(
        Reason.FOREIGN_TABLES,
        problem,
        findings.isPrivateSchemaForeign()
            // Of public and of crm it is crm_private.
            ? "Go on with the installation that is there; for a second one, take a schema of"
                + " another name, which has a private schema of its own:"
                + " CrmSchema.builder().schema(\"crm2\").build()."
            : "Install into a schema of its own: CrmSchema.builder().schema(\"crm\").build().");
  }

  private static SchemaException newer(SchemaStatus status) {
    return new SchemaException(
        Reason.NEWER_VERSION,
        "In schema " + status.schema() + " " + joined(status.details()) + ".",
        "Use the release of this library that installed it, or a later one.");
  }

  private static SchemaException edited(Diagnosis diagnosis, Target target) {
    String paths =
        diagnosis.editedScripts().stream()
            .map(path -> "'" + path + "'")
            .collect(Collectors.joining(", "));
    return new SchemaException(
        Reason.EDITED_SCRIPT,
        "In schema "
            + target.schema()
            + " other files were installed under the same version: "
            + joined(diagnosis.status().details())
            + ".",
        String.format(
            Locale.ROOT,
            "Use the release of this library that installed them. If the change is meant, run"
                + " \"delete from %s.schema_history where script in (%s)\" and install again.",
            target.privateSchema(),
            paths));
  }

  static String joined(List<String> details) {
    return String.join("; ", details);
  }

  private static int majorVersion(int serverVersion) {
    return serverVersion / 10_000;
  }
}
