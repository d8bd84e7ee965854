package dev.dovetable.core.internal.sql;

import dev.dovetable.schema.internal.jdbc.SqlStates;
import java.sql.SQLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Failures whose SQLSTATE has many reasons, and whose words are in the server's language: told by
 * where in the server they arise.
 */
public final class ServerRoutines {
  private static final String REVALIDATES_PLANS = "RevalidateCachedQuery";
  private static final String CHECKS_ROW_SECURITY = "check_enable_rls";

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

  private static boolean isIn(String routine, SQLException failure) {
    try {
      if (failure instanceof PSQLException refused) {
        ServerErrorMessage told = refused.getServerErrorMessage();
        return told != null && routine.equals(told.getRoutine());
      }
      return false;
    } catch (NoClassDefFoundError e) {
      return false; // another driver, or one that this class loader doesn't see
    }
  }
}
