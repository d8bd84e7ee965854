package dev.dovetable.core.internal.sql;

import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.DatabaseException.Kind;
import dev.dovetable.schema.errors.CrmException;
import dev.dovetable.schema.internal.jdbc.SqlStates;
import java.sql.SQLException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What it means that there is no session with the server, or that there is none any more. */
public final class SessionErrors {
  private static final Pattern CLOSED = Pattern.compile("(has been|is|was) closed|not open");

  private SessionErrors() {}

  /** No connection could be had. */
  public static CrmException noConnection(Exception failure) {
    SQLException e = null;
    boolean interrupted = false;
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql) {
        e = sql;
      }
      interrupted |= t instanceof InterruptedException;
    }
    String state = e == null ? null : e.getSQLState();
    Throwable cause = e == null ? failure : SqlErrors.withoutData(e);
    String told = state == null ? "." : " (SQLSTATE " + state + ").";
    // The driver's own state for whatever it didn't expect, an interrupt among it.
    interrupted |= "99999".equals(state) && Thread.currentThread().isInterrupted();
    if (interrupted) {
      return new DatabaseException(
          Kind.CANCELLED,
          state,
          "The thread was interrupted while it waited for a connection" + told,
          "Nothing was done; let the thread end, as whoever interrupted it wants.",
          cause);
    }
    if (state != null
        && (state.startsWith(SqlStates.CLASS_LOGIN) || state.equals(SqlStates.INVALID_CATALOG))) {
      return new DatabaseException(
          Kind.LOGIN_REFUSED,
          state,
          "The server refused the login" + told,
          "Check user, password and database of the DataSource.",
          cause);
    }
    if (state != null) {
      return new DatabaseException(
          Kind.UNREACHABLE,
          state,
          "No connection to the database could be had" + told,
          "Check that the server runs, and its address in the DataSource.",
          cause);
    }
    // Pools tell it by their words alone, which are not in the server's language.
    if (CLOSED.matcher(String.valueOf(cause.getMessage())).find()) {
      return new DatabaseException(
          Kind.OTHER,
          null,
          "The DataSource is closed" + SqlErrors.because(cause) + ".",
          "Close it after the last use of the Crm.",
          cause);
    }
    return new DatabaseException(
        Kind.NO_CONNECTION,
        null,
        "The DataSource had no connection to give" + SqlErrors.because(cause) + ".",
        "If its pool is used up: inside transaction(…) use the scope that it hands in, and close"
            + " the streams of exports. If that is so, make the pool larger, or the transactions"
            + " that hold its connections shorter.",
        cause);
  }

  /** The host's provider has given none. */
  public static CrmException noneFromHost() {
    return new DatabaseException(
        Kind.OTHER,
        null,
        "The DSLContext or ConnectionProvider that the Crm was made from has no connection.",
        "Make it from one that does: DSL.using(dataSource, SQLDialect.POSTGRES), or the DataSource"
            + " itself.",
        null);
  }

  /** Null if the session goes on. */
  static @Nullable DatabaseException ended(
      String state, String subject, String told, SQLException cause) {
    return switch (state) {
      case SqlStates.IDLE_SESSION_TIMEOUT ->
          SqlErrors.database(
              Kind.UNREACHABLE,
              "The server had ended the session, because it was idle for too long, before a"
                  + " statement for "
                  + subject
                  + told,
              "Nothing was done; try again. Have the pool close idle connections earlier than the"
                  + " server's idle_session_timeout does, or keep them alive.",
              cause);
      case SqlStates.DATABASE_DROPPED ->
          SqlErrors.database(
              Kind.LOGIN_REFUSED,
              "The database was dropped during a statement for " + subject + told,
              "Check the database of the DataSource.",
              cause);
      case SqlStates.IDLE_IN_TRANSACTION_TIMEOUT ->
          SqlErrors.database(
              Kind.TRANSACTION_TIMEOUT,
              "The server has ended the session, because the transaction for "
                  + subject
                  + " was idle for too long"
                  + told,
              "Nothing of the transaction was done. Do what takes time before or after it, or raise"
                  + " the server's idle_in_transaction_session_timeout.",
              cause);
      case SqlStates.TRANSACTION_TIMEOUT ->
          SqlErrors.database(
              Kind.TRANSACTION_TIMEOUT,
              "The server has ended the session, because the transaction for "
                  + subject
                  + " took too long"
                  + told,
              "Nothing of the transaction was done. Do less in one, or raise the server's"
                  + " transaction_timeout.",
              cause);
      default ->
          isUnreachable(state)
              ? SqlErrors.database(
                  Kind.UNREACHABLE,
                  "The connection to the database was lost in a statement for " + subject + told,
                  "Nothing was done, unless it broke during the commit: look before you repeat a"
                      + " write.",
                  cause)
              : null;
    };
  }

  private static boolean isUnreachable(String state) {
    return state.startsWith(SqlStates.CLASS_CONNECTION)
        || state.equals(SqlStates.ADMIN_SHUTDOWN)
        || state.equals(SqlStates.CRASH_SHUTDOWN)
        || state.equals(SqlStates.CANNOT_CONNECT_NOW)
        || state.equals(SqlStates.TOO_MANY_CONNECTIONS);
  }
}
