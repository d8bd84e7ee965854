package dev.dovetable.schema.doctor;

import dev.dovetable.schema.doctor.Finding.Code;
import dev.dovetable.schema.doctor.Finding.Severity;
import dev.dovetable.schema.internal.catalog.Blueprint;
import dev.dovetable.schema.internal.catalog.Difference;
import dev.dovetable.schema.internal.catalog.ObjectKind;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What differences of one subject mean, and which may be repaired.
 *
 * @param prefix the agent's; empty for the installation
 * @param base what the subject has without extensions: keys of {@link Blueprint#key}
 * @param withNotNull the columns that must not be null: keys of the same form
 */
record Verdicts(Optional<String> prefix, Set<String> base, Set<String> withNotNull) {
  private static final String BY_HAND = "By hand: ";
  static final String REPAIR = "Have the doctor repair it, or run its statements.";
  private static final String INSTALL =
      "Have it installed again: delete the rows of this version from the table schema_history in the private"
          + " schema, then call CrmSchema.install.";

  /** Roles that sign-ins act as. */
  private static final Set<String> SIGN_IN_ROLES = Set.of("anon", "authenticated", "public");

  /** The finding; empty if there is nothing wrong with it. */
  Optional<Finding> of(Difference one) {
    return switch (one.kind()) {
      case TABLE -> table(one);
      case COLUMN -> column(one);
      case DEFAULT -> found(one, Code.COLUMN, Severity.WARNING, makeOrUndo(one));
      case NOT_NULL ->
          found(
              one, Code.COLUMN, one.isExtra() ? Severity.WARNING : Severity.ERROR, makeOrUndo(one));
      case CONSTRAINT -> structure(one, Code.CONSTRAINT, Severity.ERROR);
      case UNPROVEN_CONSTRAINT -> found(one, Code.CONSTRAINT, Severity.WARNING, one.undoFound());
      case UNENFORCED_CONSTRAINT ->
          byHand(
              one,
              Code.CONSTRAINT,
              Severity.ERROR,
              "a superuser runs ALTER TABLE … ENABLE TRIGGER ALL, after a look at the rows.");
      case INDEX -> structure(one, Code.INDEX, Severity.WARNING);
      case UNUSABLE_INDEX -> found(one, Code.INDEX, Severity.WARNING, one.undoFound());
      case TRIGGER -> structure(one, Code.TRIGGER, Severity.ERROR);
      case DISABLED_TRIGGER -> found(one, Code.TRIGGER, Severity.ERROR, one.undoFound());
      case RULE -> structure(one, Code.EXTRA_OBJECT, Severity.WARNING);
      case POLICY -> policy(one);
      case ROW_SECURITY, FORCED_ROW_SECURITY -> rowSecurity(one);
      case SEQUENCE -> sequence(one);
      case SEQUENCE_OF_COLUMN -> found(one, Code.SEQUENCE, Severity.WARNING, one.makeExpected());
      case FUNCTION -> function(one);
      case TYPE, SCHEMA -> type(one);
      case SCHEMA_OWNER, TABLE_OWNER, SEQUENCE_OWNER, FUNCTION_OWNER -> owner(one);
      case SCHEMA_PRIVILEGE, TABLE_PRIVILEGE, SEQUENCE_PRIVILEGE, FUNCTION_PRIVILEGE ->
          privilege(one);
      case COMMENT_ON_SCHEMA,
          COMMENT_ON_TYPE,
          COMMENT_ON_TABLE,
          COMMENT_ON_POLICY,
          COMMENT_ON_SEQUENCE,
          COMMENT_ON_COLUMN,
          COMMENT_ON_CONSTRAINT,
          COMMENT_ON_INDEX,
          COMMENT_ON_FUNCTION,
          COMMENT_ON_TRIGGER,
          COMMENT_ON_RULE ->
          comment(one);
    };
  }

  private Optional<Finding> owner(Difference one) {
    return one.makeExpected().isEmpty()
        ? byHand(
            one,
            Code.OWNER,
            Severity.ERROR,
            "a superuser, or a member of both roles, runs ALTER … OWNER TO.")
        : found(one, Code.OWNER, Severity.ERROR, one.makeExpected());
  }

  /** One of the application's own does no harm. */
  private Optional<Finding> comment(Difference one) {
    return one.isExtra()
        ? Optional.empty()
        : found(one, Code.COMMENT, Severity.INFO, one.makeExpected());
  }

  private Optional<Finding> table(Difference one) {
    if (one.isExtra()) {
      return extra(one, prefix.isEmpty() ? Severity.INFO : Severity.WARNING);
    }
    if (!one.isMissing()) {
      return byHand(one, Code.TABLE, Severity.ERROR, "make it what it should be with ALTER TABLE.");
    }
    if (prefix.isEmpty()) {
      return found(one, Code.TABLE, Severity.ERROR, INSTALL, List.of());
    }
    if (isOfExtension(one)) {
      return byHand(
          one,
          Code.LEDGER,
          Severity.ERROR,
          "restore the table from a backup, or make it with the extension's file, or delete the"
              + " extension's rows of this agent from agent_versions and run AgentMigrations if all of"
              + " it can be applied again.");
    }
    return byHand(
        one,
        Code.TABLE,
        Severity.ERROR,
        "restore the table from a backup, or have create_agent_tables() make an empty one.");
  }

  private Optional<Finding> column(Difference one) {
    if (one.isExtra()) {
      return extra(one, prefix.isEmpty() ? Severity.INFO : Severity.WARNING);
    }
    if (!one.isMissing()) {
      return byHand(
          one,
          Code.COLUMN,
          Severity.ERROR,
          "change it with ALTER TABLE, after a look at the rows.");
    }
    Code code = isOfExtension(one) ? Code.LEDGER : Code.COLUMN;
    // Rows get null in it, and a value that is made of others is made again: nothing is invented.
    boolean isEmptyAtFirst =
        !withNotNull.contains(Blueprint.key(ObjectKind.NOT_NULL, one.relation(), one.name()))
            || one.expected().orElseThrow().contains("generated always as (");
    return isEmptyAtFirst
        ? found(one, code, Severity.ERROR, one.makeExpected())
        : byHand(
            one,
            code,
            Severity.ERROR,
            "add the column, with the values that its rows should have.");
  }

  private Optional<Finding> structure(Difference one, Code code, Severity severity) {
    if (!one.isExtra()) {
      return found(one, code, severity, one.makeExpected());
    }
    boolean isHarmless =
        prefix.isEmpty()
            || one.kind() == ObjectKind.INDEX && !one.found().orElseThrow().startsWith("unique");
    return extra(one, isHarmless ? Severity.INFO : Severity.WARNING);
  }

  private Optional<Finding> policy(Difference one) {
    if (!one.isExtra()) {
      return found(one, Code.POLICY, Severity.ERROR, one.makeExpected());
    }
    List<String> roles = rolesOf(one.found().orElseThrow());
    if (roles.equals(List.of("service_role"))) {
      // Made while service_role had no BYPASSRLS. It may see everything either way.
      return Optional.empty();
    }
    return roles.stream().anyMatch(SIGN_IN_ROLES::contains)
        ? found(one, Code.POLICY, Severity.ERROR, one.undoFound())
        : extra(one, Severity.INFO);
  }

  /** What stands between TO and USING or WITH CHECK. */
  private static List<String> rolesOf(String policy) {
    String roles =
        policy.replaceFirst("^.*?for \\w+ to ", "").replaceFirst(" (using|with) .*$", "");
    return List.of(roles.split(", ", -1));
  }

  private Optional<Finding> rowSecurity(Difference one) {
    boolean isForced = one.kind() == ObjectKind.FORCED_ROW_SECURITY;
    if (one.isExtra() && !isForced) {
      return extra(one, Severity.INFO);
    }
    return found(one, Code.ROW_SECURITY, Severity.ERROR, makeOrUndo(one));
  }

  private Optional<Finding> sequence(Difference one) {
    return one.isMissing()
        ? found(one, Code.SEQUENCE, Severity.ERROR, one.makeExpected())
        : byHand(one, Code.SEQUENCE, Severity.WARNING, "change it with ALTER SEQUENCE.");
  }

  private Optional<Finding> function(Difference one) {
    return one.isExtra()
        ? Optional.empty()
        : found(one, Code.FUNCTION, Severity.ERROR, one.makeExpected());
  }

  private Optional<Finding> type(Difference one) {
    return one.isExtra()
        ? Optional.empty()
        : found(one, Code.TYPE, Severity.ERROR, INSTALL, List.of());
  }

  private Optional<Finding> privilege(Difference one) {
    if (!one.isExtra()) {
      return found(one, Code.PRIVILEGE, Severity.ERROR, one.makeExpected());
    }
    boolean isOurs = SIGN_IN_ROLES.contains(one.name()) || one.name().equals("service_role");
    return isOurs
        ? found(one, Code.PRIVILEGE, Severity.ERROR, one.undoFound())
        : found(
            one,
            Code.PRIVILEGE,
            Severity.INFO,
            "If that role should not have it, revoke it.",
            List.of());
  }

  private Optional<Finding> extra(Difference one, Severity severity) {
    return found(
        one,
        Code.EXTRA_OBJECT,
        severity,
        "Keep it if it is meant to be, best as an extension, so that every agent has it; else drop it.",
        List.of());
  }

  private Optional<Finding> byHand(Difference one, Code code, Severity severity, String how) {
    return found(one, code, severity, BY_HAND + how, List.of());
  }

  private Optional<Finding> found(
      Difference one, Code code, Severity severity, List<String> repair) {
    return found(one, code, severity, REPAIR, repair);
  }

  private Optional<Finding> found(
      Difference one, Code code, Severity severity, String remedy, List<String> repair) {
    return Optional.of(
        new Finding(code, severity, prefix, one.relation(), problem(one), remedy, repair));
  }

  private static List<String> makeOrUndo(Difference one) {
    return one.isExtra() ? one.undoFound() : one.makeExpected();
  }

  private boolean isOfExtension(Difference one) {
    return prefix.isPresent() && !base.contains(one.key());
  }

  private static String problem(Difference one) {
    String what = one.isWhole() ? one.kind().toString() : one.kind() + " " + one.name();
    if (one.kind() == ObjectKind.FUNCTION) {
      return one.isMissing()
          ? "function " + one.name() + " is missing"
          : "function " + one.name() + " is not the one of this release";
    }
    if (one.isMissing()) {
      return what + " is missing, it should be: " + one.expected().orElseThrow();
    }
    if (one.isExtra()) {
      return what + " should not be there: " + one.found().orElseThrow();
    }
    return what
        + " should be: "
        + one.expected().orElseThrow()
        + "; it is: "
        + one.found().orElseThrow();
  }
}
