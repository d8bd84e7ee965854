package dev.dovetable.core.internal.sql;

import dev.dovetable.schema.internal.jdbc.SqlStates;
import java.sql.SQLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * A statement that fails because of what the server had prepared for it, before it has done
 * anything. The driver prepares it anew the next time, but repeats it by itself only if it isn't
 * one of several texts.
 */
public final class StaleStatement {
  /** Of the server, where it finds that a plan gives rows of another type than before. */
  private static final String ROUTINE = "RevalidateCachedQuery";

  private StaleStatement() {}

  public static boolean isWhy(SQLException failure) {
    String state = failure.getSQLState();
    return SqlStates.INVALID_STATEMENT_NAME.equals(state)
        || (SqlStates.FEATURE_NOT_SUPPORTED.equals(state) && isOfCachedPlan(failure));
  }

  /** That state has many reasons, and the words for it are in the server's language. */
  private static boolean isOfCachedPlan(SQLException failure) {
    try {
      if (failure instanceof PSQLException refused) {
        ServerErrorMessage told = refused.getServerErrorMessage();
        return told != null && ROUTINE.equals(told.getRoutine());
      }
      return false;
    } catch (NoClassDefFoundError e) {
      return false; // another driver, or one that this class loader doesn't see
    }
  }
}
