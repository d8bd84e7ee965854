package dev.dovetable.core.internal.sql;

import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.DatabaseException.Kind;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.schema.errors.CrmException;
import dev.dovetable.schema.internal.jdbc.SqlStates;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns what the driver throws into what a caller can act on. Told apart by SQLSTATE, in this class
 * and in no other.
 */
public final class SqlErrors {
  private static final String ANOTHER_POOL =
      " Or, for a login that is to stay out of service_role, give the CRM another DataSource for the"
          + " service: Crm.builder(…).serviceDataSource(…).";

  /** What the names of generated tables begin with until they are bound; nothing live does. */
  private static final String TEMPLATE_PREFIX = "{prefix}";

  private static final Pattern PLAIN_NAME = Pattern.compile("[a-z_][a-z0-9_]*");

  private static final String OTHER_ACTOR =
      "Act as the agent's own user or as an admin, or take crm.asService() for the back office. A"
          + " user id that isn't in users sees nothing, and writes nothing.";
  private static final String NO_PRIVILEGE =
      "The role lacks the privilege, whichever user it acts for: take crm.asService(), which may do"
          + " what the library does. What not even that may, such as making tables, is for the role"
          + " that installed the schema.";

  private SqlErrors() {}

  /** What a failed statement means, in which the agent may have been missing. */
  public static CrmException translate(SQLException failure, Subject subject) {
    return translate(failure, subject, false);
  }

  /**
   * What a failed statement means, in which the agent may have been missing.
   *
   * @param isCallers whether the statement is the caller's own
   */
  public static CrmException translate(SQLException failure, Subject subject, boolean isCallers) {
    String state = failure.getSQLState();
    if (subject instanceof AgentIdentity agent && SqlStates.UNKNOWN_AGENT.equals(state)) {
      return new UnknownAgentException(agent.prefix(), withoutData(failure));
    }
    if (subject instanceof AgentIdentity agent && SqlStates.AGENT_WITHOUT_USER.equals(state)) {
      return new RefusedException(
          RefusedException.Reason.AGENT_WITHOUT_USER,
          "The agent " + agent.prefix() + " has no user to act as: the user was deleted.",
          "Open it as the service, crm.asService().tenant(…), or give it a user by"
              + " crm.asService().agents().assign(…).",
          withoutData(failure));
    }
    return translate(failure, subject.name(), isCallers);
  }

  /**
   * What a failed statement means.
   *
   * @param subject whom it was about, to be read after "for"; such as "agent shop"
   */
  public static CrmException translate(SQLException failure, String subject) {
    return translate(failure, subject, false);
  }

  private static CrmException translate(SQLException failure, String subject, boolean isCallers) {
    SQLException e = decisive(failure);
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    SQLException cause = withoutData(e);
    String told = state.isEmpty() ? "." : " (SQLSTATE " + state + ").";
    DatabaseException ended = SessionErrors.ended(state, subject, told, cause);
    if (ended != null) {
      return ended;
    }
    if (ServerRoutines.isStaleStatement(e)) {
      return database(
          Kind.STALE_STATEMENT,
          "What the server had prepared for a statement for " + subject + " holds no longer" + told,
          "The transaction was rolled back; repeat all of it. If it happens without a migration,"
              + " a pooler resets sessions or hands them on: set the driver's prepareThreshold to 0.",
          cause);
    }
    CrmException noFreeId = SequenceErrors.translate(e, subject, isCallers, cause);
    if (noFreeId != null) {
      return noFreeId;
    }
    CrmException raised = RaisedErrors.translate(state, subject, cause);
    if (raised != null) {
      return raised;
    }
    if (state.startsWith(SqlStates.CLASS_INTEGRITY) || state.startsWith(SqlStates.CLASS_DATA)) {
      return ValueErrors.translate(state, subject, because(cause), cause);
    }
    return switch (state) {
      case SqlStates.INSUFFICIENT_PRIVILEGE ->
          new AccessDeniedException(
              "Access was denied in a statement for " + subject + because(cause) + ".",
              ServerRoutines.isRowSecurityOff(e)
                  ? "The session's row_security is off: leave it on, in the role's and the"
                      + " database's settings, too."
                  : ServerRoutines.isAboutTheActor(e) ? OTHER_ACTOR : NO_PRIVILEGE,
              cause);
      case SqlStates.PROGRAM_LIMIT ->
          new InvalidDataException(
              InvalidDataException.Kind.TOO_LONG,
              "A value is too long for an index in a statement for " + subject + told,
              "Shorten it; an indexed text, such as a phone number, holds about 2700 bytes.",
              cause);
      case SqlStates.LOCK_NOT_AVAILABLE ->
          database(
              Kind.LOCK_TIMEOUT,
              "A lock was not granted in time in a statement for "
                  + subject
                  + because(cause)
                  + told,
              "Nothing was done; try again.",
              cause);
      case SqlStates.DEADLOCK ->
          database(
              Kind.DEADLOCK,
              "A statement for " + subject + " and another one waited for each other" + told,
              "The transaction was rolled back; repeat all of it.",
              cause);
      case SqlStates.SERIALIZATION_FAILURE ->
          database(
              Kind.SERIALIZATION_FAILURE,
              "A statement for " + subject + " met a concurrent change" + told,
              "The transaction was rolled back; repeat all of it.",
              cause);
      case SqlStates.QUERY_CANCELED ->
          database(
              Kind.CANCELLED,
              "A statement for "
                  + subject
                  + " was cancelled or reached the statement timeout"
                  + told,
              "Nothing was done; ask for less, or raise the Crm's statementTimeout or the"
                  + " server's statement_timeout.",
              cause);
      case SqlStates.UNDEFINED_TABLE, SqlStates.UNDEFINED_FUNCTION, SqlStates.INVALID_SCHEMA ->
          database(
              Kind.NOT_INSTALLED,
              "A table or function is missing in a statement for "
                  + subject
                  + because(cause)
                  + told,
              whereItIs(cause, isCallers),
              cause);
      case SqlStates.READ_ONLY_TRANSACTION ->
          database(
              Kind.READ_ONLY,
              "A statement for " + subject + " writes where only reading is allowed" + told,
              "Write outside readOnly(), and with a DataSource of the primary server without a"
                  + " read-only default.",
              cause);
      case SqlStates.IN_FAILED_TRANSACTION ->
          database(
              Kind.OTHER,
              "The transaction for "
                  + subject
                  + " was rolled back, because a statement in it had"
                  + " failed before"
                  + told,
              "Let the exception of that statement leave the transaction, or put what may fail into"
                  + " a nested one.",
              cause);
      default ->
          database(
              Kind.OTHER,
              "The database refused a statement for "
                  + subject
                  + (isAboutTheText(state) ? because(cause) : "")
                  + told,
              "The cause holds the server's own words.",
              cause);
    };
  }

  /** The role could not be taken on, or the agent not be found. */
  public static CrmException preludeFailed(
      SQLException failure, Connection connection, String role, Subject subject) {
    String state = failure.getSQLState();
    if (SqlStates.INSUFFICIENT_PRIVILEGE.equals(state)
        && !ServerRoutines.isRowSecurityOff(failure)) {
      String login = login(connection);
      // What the service receives it stores as agents' users.
      String roles = role.equals("service_role") ? "authenticated, service_role" : role;
      return new AccessDeniedException(
          "The login " + login + " may not act as " + role + ".",
          "Run as an administrator: grant "
              + roles
              + " to "
              + login
              + ";"
              + (role.equals("service_role") ? ANOTHER_POOL : ""),
          withoutData(failure));
    }
    if (SqlStates.INVALID_PARAMETER.equals(state)) {
      return database(
          Kind.NOT_INSTALLED,
          "The server has no role " + role + " (SQLSTATE " + state + ").",
          "Install the schema with CrmSchema.",
          withoutData(failure));
    }
    return translate(failure, subject);
  }

  private static String whereItIs(SQLException cause, boolean isCallers) {
    if (because(cause).contains(TEMPLATE_PREFIX)) {
      return "The generated table is still the template's: bind it with shop.table(…), and use what"
          + " that gives.";
    }
    if (isCallers) {
      return "Check its name: it is none of the agent's tables, which shop.tables() and"
          + " shop.table(…) name, and nothing else in the search_path. Other schemas are to be"
          + " named. What belongs to an extension comes with AgentMigrations.";
    }
    return "Install the schema with CrmSchema, or check the name of the schema. By psql, webhooks"
        + " take schema/extensions.sql, schema/identities.sql and schema/webhooks.sql as well. What"
        + " belongs to an extension comes with AgentMigrations.";
  }

  /** Syntax and names, which say nothing of rows. */
  private static boolean isAboutTheText(String state) {
    return state.startsWith(SqlStates.CLASS_SYNTAX) || SqlStates.ACTIVE_TRANSACTION.equals(state);
  }

  static DatabaseException database(Kind kind, String problem, String remedy, SQLException cause) {
    return new DatabaseException(kind, cause.getSQLState(), problem, remedy, cause);
  }

  /** Of a batch, the statement that failed; the batch's own exception says less. */
  private static SQLException decisive(SQLException e) {
    SQLException next = e.getNextException();
    // Elsewhere, the next ones are those of the statements behind the one that failed.
    return e instanceof BatchUpdateException && next != null ? next : e;
  }

  /**
   * The same failure without what may hold data: the server's detail and hint, which quote whole
   * rows, and where a value itself is wrong, the message too. Ends up in logs.
   */
  static SQLException withoutData(SQLException e) {
    String state = e.getSQLState();
    String message = firstLine(e.getMessage());
    if (state != null && state.startsWith(SqlStates.CLASS_DATA)) {
      message = "(the server's words are left out, because they may quote the value)";
    }
    SQLException clean = new SQLException(message, state, e.getErrorCode());
    clean.setStackTrace(e.getStackTrace());
    return clean;
  }

  /** The words of a failure that is without data, to be read before a full stop. */
  static String because(Throwable cause) {
    String words = firstLine(cause.getMessage());
    return words == null ? "" : ": " + words.replaceFirst("\\.$", "");
  }

  private static @Nullable String firstLine(@Nullable String message) {
    if (message == null) {
      return null;
    }
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }

  private static String login(Connection connection) {
    try {
      String name = connection.getMetaData().getUserName();
      return PLAIN_NAME.matcher(name).matches() ? name : '"' + name.replace("\"", "\"\"") + '"';
    } catch (SQLException e) {
      return "<the role that the DataSource logs in as>";
    }
  }
}
