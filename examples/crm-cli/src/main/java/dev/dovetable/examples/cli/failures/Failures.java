package dev.dovetable.examples.cli.failures;

import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.examples.cli.terminal.Text;
import dev.dovetable.schema.errors.CrmException;
import dev.dovetable.schema.errors.SchemaException;
import java.util.Set;
import org.jooq.exception.DataAccessException;

/** What an exception means for whoever started the program: a number, and one line. */
public final class Failures {
  private static final String INSTALL = "Run crm-cli install, or name the schema with --schema.";
  private static final String LOG_IN =
      "Log in as a member of authenticated and service_role, such as the role that"
          + " install --login-role named.";

  /** No such table, function or schema, or no right to it. */
  private static final Set<String> NOT_FOR_THIS_ROLE = Set.of("42P01", "42883", "3F000", "42501");

  private Failures() {}

  public static ExitStatus status(Exception e) {
    if (e instanceof CliException failure) {
      return failure.status();
    }
    if (e instanceof SchemaException failure) {
      return switch (failure.reason()) {
        case UNREACHABLE, LOGIN_REFUSED -> ExitStatus.UNREACHABLE;
        case LOCKED, DATABASE_ERROR, EXPORT_FAILED -> ExitStatus.FAILED;
        case FOREIGN_TABLES,
            NEWER_VERSION,
            EDITED_SCRIPT,
            INVALID_TEMPLATE,
            UNKNOWN_VERSION,
            VERSION_IN_USE,
            NOT_CURRENT,
            MISSING_RIGHTS,
            UNKNOWN_AGENT,
            ARCHIVE_REFUSED,
            UNSUITABLE_CONNECTION ->
            ExitStatus.REFUSED;
      };
    }
    if (e instanceof DatabaseException failure) {
      return switch (failure.kind()) {
        case UNREACHABLE, NO_CONNECTION, LOGIN_REFUSED -> ExitStatus.UNREACHABLE;
        case NOT_INSTALLED, READ_ONLY -> ExitStatus.REFUSED;
        case LOCK_TIMEOUT,
            DEADLOCK,
            SERIALIZATION_FAILURE,
            STALE_STATEMENT,
            CANCELLED,
            TRANSACTION_TIMEOUT,
            NO_FREE_ID,
            OTHER ->
            ExitStatus.FAILED;
      };
    }
    if (e instanceof DataAccessException failure) {
      return statusOf(failure.sqlState());
    }
    return e instanceof RefusedException
            || e instanceof AccessDeniedException
            || e instanceof InvalidDataException
            || e instanceof NotFoundException
            || e instanceof UnknownAgentException
        ? ExitStatus.REFUSED
        : ExitStatus.FAILED;
  }

  private static ExitStatus statusOf(String sqlState) {
    if (sqlState.startsWith("08")) {
      return ExitStatus.UNREACHABLE;
    }
    return NOT_FOR_THIS_ROLE.contains(sqlState) ? ExitStatus.REFUSED : ExitStatus.FAILED;
  }

  /** The problem and its remedy, in words of the command line. */
  public static String message(Exception e) {
    return Wording.of(words(e));
  }

  private static String words(Exception e) {
    if (e instanceof SchemaException failure) {
      return Text.oneLine(failure.problem() + " " + remedy(failure));
    }
    if (e instanceof AccessDeniedException failure) {
      return Text.oneLine(failure.problem() + " " + LOG_IN);
    }
    if (e instanceof DatabaseException failure
        && failure.kind() == DatabaseException.Kind.NOT_INSTALLED) {
      return Text.oneLine(failure.problem() + " " + INSTALL);
    }
    if (e instanceof DataAccessException failure) {
      Throwable cause = failure.getCause() == null ? failure : failure.getCause();
      return Text.sentence(cause.getMessage())
          + (statusOf(failure.sqlState()) == ExitStatus.REFUSED
              ? " " + INSTALL + " " + LOG_IN
              : "");
    }
    if (e instanceof CliException || e instanceof CrmException) {
      return Text.sentence(e.getMessage());
    }
    return Text.sentence(e.toString()) + " That is a fault of this program; --verbose shows where.";
  }

  private static String remedy(SchemaException failure) {
    return switch (failure.reason()) {
      case FOREIGN_TABLES ->
          "Name a schema of its own, such as --schema crm; beside an installation in public or"
              + " crm, another one.";
      case NOT_CURRENT -> INSTALL;
      case UNREACHABLE -> "What is committed stays; check the server and start again.";
      case NEWER_VERSION,
          EDITED_SCRIPT,
          INVALID_TEMPLATE,
          UNKNOWN_VERSION,
          VERSION_IN_USE,
          MISSING_RIGHTS,
          LOCKED,
          LOGIN_REFUSED,
          UNSUITABLE_CONNECTION,
          DATABASE_ERROR,
          UNKNOWN_AGENT,
          ARCHIVE_REFUSED,
          EXPORT_FAILED ->
          failure.remedy();
    };
  }
}
