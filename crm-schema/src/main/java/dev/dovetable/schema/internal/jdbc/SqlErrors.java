package dev.dovetable.schema.internal.jdbc;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import java.sql.SQLException;

/** Turns what the driver throws into what a caller can act on; told apart by SQLSTATE alone. */
public final class SqlErrors {
  /** The usual effect of a failure. */
  static final String NOTHING_CHANGED = "Nothing was changed";

  /** Work that talks to the database. */
  @FunctionalInterface
  public interface Work<T> {
    T run() throws SQLException;
  }

  private SqlErrors() {}

  /**
   * Runs work and translates its failure.
   *
   * @param doing what it does, to be read after "Could not"
   */
  public static <T> T translating(String doing, Work<T> work) {
    try {
      return work.run();
    } catch (SQLException e) {
      throw translate(doing, e);
    }
  }

  public static SchemaException translate(String doing, SQLException e) {
    return translate(doing, NOTHING_CHANGED, e);
  }

  /**
   * The exception for a failure.
   *
   * @param doing what was being done, to be read after "Could not"
   * @param effect what became of it, the beginning of a sentence
   */
  public static SchemaException translate(String doing, String effect, SQLException e) {
    String problem = problem(doing, e);
    if (isUnreachable(e)) {
      return new SchemaException(
          Reason.UNREACHABLE,
          problem,
          effect + "; check the server and the DataSource, and try again.",
          e);
    }
    return switch (state(e)) {
      case SqlStates.INSUFFICIENT_PRIVILEGE ->
          new SchemaException(
              Reason.MISSING_RIGHTS,
              problem,
              effect
                  + "; install as the role that owns the schema's tables, or grant what is missing.",
              e);
      case SqlStates.LOCK_NOT_AVAILABLE ->
          new SchemaException(
              Reason.LOCKED,
              problem,
              effect
                  + "; a transaction on one of the tables held its lock for too long."
                  + " End it, or try again at a quieter time.",
              e);
      case SqlStates.READ_ONLY_TRANSACTION ->
          new SchemaException(
              Reason.UNSUITABLE_CONNECTION,
              problem,
              effect + "; install through a connection that may write, not to a standby.",
              e);
      case SqlStates.OUT_OF_MEMORY ->
          new SchemaException(
              Reason.DATABASE_ERROR,
              problem,
              effect
                  + "; upgrade with CrmSchema.install(DataSource), which changes one agent"
                  + " after the other; to upgrade many in one transaction, raise"
                  + " max_locks_per_transaction in postgresql.conf and restart the server.",
              e);
      default ->
          new SchemaException(
              Reason.DATABASE_ERROR,
              problem,
              effect + "; the cause holds the server's own words.",
              e);
    };
  }

  /**
   * The exception for a connection that could not be had.
   *
   * @param doing what was to be done, to be read after "Could not"
   * @param effect what became of it, the beginning of a sentence
   */
  public static SchemaException noConnection(String doing, String effect, Exception e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      // A pool wraps what the driver has thrown.
      if (t instanceof SQLException told && isLoginRefused(told)) {
        return new SchemaException(
            Reason.LOGIN_REFUSED,
            problem(doing, told),
            effect + "; check user, password and database of the DataSource.",
            e);
      }
    }
    return new SchemaException(
        Reason.UNREACHABLE,
        problem(doing, e),
        effect
            + "; check the server, the DataSource's user, password and database, and whether its"
            + " pool is used up, and try again.",
        e);
  }

  private static String problem(String doing, Exception e) {
    String state = e instanceof SQLException sql ? state(sql) : "";
    String words = String.valueOf(e.getMessage()).replaceFirst("\\.$", "");
    return "Could not "
        + doing
        + ": "
        + words
        + (state.isEmpty() ? "." : " (SQLSTATE " + state + ").");
  }

  private static String state(SQLException e) {
    return e.getSQLState() == null ? "" : e.getSQLState();
  }

  /**
   * The server's message, without its detail, which may quote rows, and without values that it
   * refused.
   */
  public static String words(SQLException e) {
    if (state(e).startsWith(SqlStates.CLASS_DATA)) {
      return "a value was refused (the server's words may quote it)";
    }
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /** Somebody else was in the way, and is gone when it is tried again. */
  public static boolean isConflict(SQLException e) {
    return isLockTimeout(e)
        || SqlStates.DEADLOCK.equals(e.getSQLState())
        || SqlStates.SERIALIZATION_FAILURE.equals(e.getSQLState());
  }

  public static boolean isMissingRight(SQLException e) {
    return SqlStates.INSUFFICIENT_PRIVILEGE.equals(e.getSQLState());
  }

  public static boolean isUndefinedFunction(SQLException e) {
    return SqlStates.UNDEFINED_FUNCTION.equals(e.getSQLState());
  }

  public static boolean isUndefinedTable(SQLException e) {
    return SqlStates.UNDEFINED_TABLE.equals(e.getSQLState());
  }

  public static boolean isUnreachable(SQLException e) {
    String state = state(e);
    return state.startsWith(SqlStates.CLASS_CONNECTION)
        || state.equals(SqlStates.ADMIN_SHUTDOWN)
        || state.equals(SqlStates.CRASH_SHUTDOWN);
  }

  private static boolean isLoginRefused(SQLException e) {
    String state = state(e);
    return state.startsWith(SqlStates.CLASS_LOGIN) || state.equals(SqlStates.INVALID_CATALOG);
  }

  public static boolean isLockTimeout(SQLException e) {
    return SqlStates.LOCK_NOT_AVAILABLE.equals(e.getSQLState());
  }
}
