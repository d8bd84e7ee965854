package dev.dovetable.core.internal.connection;

import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.internal.sql.SqlTemplate;
import dev.dovetable.schema.internal.jdbc.SqlStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * Notices that a caller's own SQL has ended the library's transaction, or changed whom it acts as.
 * Thread-safe.
 */
final class TransactionGuard {
  /** Where the server's message may quote them: no value is in them. */
  private static final String WORDS = "the transaction of the scope is over";

  private static final String SEAL = "crm.seal_own";

  /** One row, whether the transaction is the one that was begun. */
  static final Queries SEALED =
      Prelude.inlined(
          SqlTemplate.ofFile("internal/connection/sealed.sql")
              .filled(DSL::name, Map.of("seal", DSL.inline(SEAL))));

  /** What may end it or change whom it acts as, be it in a function's argument. */
  private static final Pattern SUSPICIOUS =
      Pattern.compile(
          "\\b(commit|rollback|abort|end|begin|start|prepare|role|authorization|reset|discard"
              + "|set_config|claims?)\\b",
          Pattern.CASE_INSENSITIVE);

  private static final SqlTemplate GUARD = SqlTemplate.ofFile("internal/connection/guard.sql");

  private TransactionGuard() {}

  /**
   * Fails unless the transaction is the one that acts so.
   *
   * @param claims empty if they are the agent's own user's, whom only the database knows
   */
  static Queries of(String role, Optional<String> claims) {
    return Prelude.inlined(
        GUARD.filled(
            DSL::name,
            Map.of(
                "seal",
                DSL.inline(SEAL),
                "role",
                DSL.inline(role),
                "claims",
                claims
                    .map(DSL::inline)
                    .orElseGet(() -> DSL.inline((String) null, SQLDataType.CLOB)),
                "words",
                DSL.inline(WORDS))));
  }

  static boolean isSuspicious(String sql) {
    return SUSPICIOUS.matcher(sql).find();
  }

  /** Whether the guard lets it pass; one round trip, for what can't carry it. */
  static boolean passes(Connection connection, Queries guard) throws SQLException {
    try {
      Prelude.run(connection, guard.text());
      return true;
    } catch (SQLException e) {
      if (hasRefused(e)) {
        return false;
      }
      throw e;
    }
  }

  /** Whether {@link #of} has refused it. */
  static boolean hasRefused(SQLException failure) {
    return SqlStates.INVALID_TEXT.equals(failure.getSQLState())
        && String.valueOf(failure.getMessage()).contains(WORDS);
  }

  /**
   * Whether there is no transaction on a connection whose autocommit is off, which the driver knows
   * without asking the server. False if it is another driver.
   */
  static boolean isOver(Connection connection) throws SQLException {
    try {
      return connection.isWrapperFor(BaseConnection.class)
          && connection.unwrap(BaseConnection.class).getTransactionState() == TransactionState.IDLE;
    } catch (NoClassDefFoundError e) {
      return false; // another driver, or one that this class loader doesn't see
    }
  }

  static RefusedException refusal() {
    return new RefusedException(
        RefusedException.Reason.TRANSACTION_ENDED,
        "SQL of the caller's has ended the transaction of the scope, or changed whom it acts as.",
        "What ran before may be committed. Leave commit, rollback, begin, set role and the claims"
            + " to the library: transaction(…) ends by returning or throwing, and what may fail"
            + " goes into a nested one.");
  }
}
