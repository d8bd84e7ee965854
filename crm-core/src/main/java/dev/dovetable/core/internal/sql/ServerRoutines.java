package dev.dovetable.core.internal.sql;

import dev.dovetable.schema.internal.jdbc.SqlStates;
import java.sql.SQLException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Failures whose SQLSTATE has many reasons, and whose words are in the server's language: told by
 * where in the server they arise.
 */
public final class ServerRoutines {
  private static final String REVALIDATES_PLANS = "RevalidateCachedQuery";
  private static final String CHECKS_ROW_SECURITY = "check_enable_rls";

  private static final String CHECKS_POLICIES = "ExecWithCheckOptions";

  /** RAISE: here, a function that looks at who calls it. */
  private static final String RAISES = "exec_stmt_raise";

  private ServerRoutines() {}

  /**
   * Whether a statement has failed because of what the server had prepared for it, before it has
   * done anything. The driver prepares it anew the next time, but repeats it by itself only if it
   * isn't one of several texts.
   */
  public static boolean isStaleStatement(SQLException failure) {
    String state = failure.getSQLState();
    return SqlStates.INVALID_STATEMENT_NAME.equals(state)
        || (SqlStates.FEATURE_NOT_SUPPORTED.equals(state) && isIn(REVALIDATES_PLANS, failure));
  }

  /** Whether a session with {@code row_security = off} has met a policy. */
  static boolean isRowSecurityOff(SQLException failure) {
    return isIn(CHECKS_ROW_SECURITY, failure);
  }

  /** Whether it was refused for who acts, rather than for what their role may do. */
  static boolean isAboutTheActor(SQLException failure) {
    String routine = told(failure, ServerErrorMessage::getRoutine);
    return routine == null || routine.equals(CHECKS_POLICIES) || routine.equals(RAISES);
  }

  /** Which constraint was violated; null if that isn't known. */
  static @Nullable String constraint(SQLException failure) {
    return told(failure, ServerErrorMessage::getConstraint);
  }

  private static boolean isIn(String routine, SQLException failure) {
    return routine.equals(told(failure, ServerErrorMessage::getRoutine));
  }

  private static @Nullable String told(
      SQLException failure, Function<ServerErrorMessage, @Nullable String> what) {
    try {
      if (failure instanceof PSQLException refused) {
        ServerErrorMessage message = refused.getServerErrorMessage();
        return message == null ? null : what.apply(message);
      }
      return null;
    } catch (NoClassDefFoundError e) {
      return null; // another driver, or one that this class loader doesn't see
    }
  }
}
