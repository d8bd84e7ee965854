package dev.wacrm.core;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What the driver does with a text of several statements. Sent in one flush, they are one
 * transaction, with autocommit on too. Sent one by one, the transaction of the prelude would be
 * over when the statement behind it begins, which would run as whom the session logged in as.
 */
final class Driver {
  private static final String PG_CONNECTION = "org.postgresql.PGConnection";

  private Driver() {}

  /**
   * True only if it is sure. Costs no round trip. By reflection, because the driver is the host's.
   */
  static boolean sendsInOneFlush(Connection pooled) throws SQLException {
    Class<?> type = pgConnection(pooled);
    if (type == null || !pooled.isWrapperFor(type)) {
      return false;
    }
    Object driver = pooled.unwrap(type);
    try {
      Enum<?> mode = (Enum<?>) type.getMethod("getPreferQueryMode").invoke(driver);
      int threshold = (Integer) type.getMethod("getPrepareThreshold").invoke(driver);
      // The mode "simple" splits the text; a negative threshold mixes up the columns of its parts.
      return !mode.name().equals("SIMPLE") && threshold >= 0;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  private static @Nullable Class<?> pgConnection(Connection pooled) {
    try {
      return Class.forName(PG_CONNECTION, false, pooled.getClass().getClassLoader());
    } catch (ClassNotFoundException e) {
      try {
        return Class.forName(PG_CONNECTION, false, Thread.currentThread().getContextClassLoader());
      } catch (ClassNotFoundException none) {
        return null;
      }
    }
  }
}
