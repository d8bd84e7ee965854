package dev.dovetable.core.internal.connection;

import dev.dovetable.core.internal.sql.SqlTemplate;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Map;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;

/**
 * What a session is set to, saved ahead of a scope's SQL and put back behind it, whatever that has
 * set for the transaction or beyond it. Immutable and thread-safe.
 *
 * @param save with one parameter, the secret
 * @param restore with the same one
 */
record SavedState(Queries save, String restore) {
  /** In a transaction of the host's, for the library's own statements. */
  static final SavedState HOSTS = of("hosts", true, "{}");

  /** The same for anybody's, which may have made the session somebody else's. */
  static final SavedState HOSTS_SESSION =
      of(
          "hosts",
          true,
          "{role,request.jwt.claims,request.jwt.claim.sub,request.jwt.claim.role,row_security}");

  /**
   * In a transaction of the library's with several actors, whose session is nobody between them.
   */
  static final SavedState SHARED = of("hosts", false, "{}");

  /** On a connection that is in no transaction but the library's. */
  static final SavedState OWN = of("own", false, "{}");

  /** Of {@link #restore}'s column; nothing else has one of this name. */
  static final String RESTORED = "crm_restored";

  /** The role first: the others are then put back as the login. */
  private static final String SETTINGS =
      "{role,request.jwt.claims,request.jwt.claim.sub,request.jwt.claim.role,search_path,"
          + "row_security,statement_timeout,lock_timeout,idle_in_transaction_session_timeout,"
          + "idle_session_timeout,transaction_timeout,default_transaction_read_only,"
          + "default_transaction_isolation,enable_seqscan,array_nulls}";

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SECRET_BYTES = 16;

  private static SavedState of(String name, boolean isHosts, String forgotten) {
    return new SavedState(
        Queries.of(text("internal/connection/save.sql", name, isHosts, forgotten)),
        text("internal/connection/restore.sql", name, isHosts, forgotten));
  }

  private static String text(String file, String name, boolean isHosts, String forgotten) {
    return DSL.using(SQLDialect.POSTGRES)
        .renderInlined(
            SqlTemplate.ofFile(file)
                .filled(
                    DSL::name,
                    Map.of(
                        "settings",
                        DSL.inline(SETTINGS),
                        "saved",
                        DSL.inline("crm.saved_" + name),
                        "seal",
                        DSL.inline("crm.seal_" + name),
                        "is_hosts",
                        DSL.inline(isHosts),
                        "forgotten",
                        DSL.inline(forgotten))));
  }

  /** Another one each time: what a scope's SQL finds out is of no use to the next. */
  static String secret() {
    byte[] bytes = new byte[SECRET_BYTES];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Saves, and runs queries behind it, in one round trip. */
  void save(Connection connection, Queries then, String secret) throws SQLException {
    run(connection, save.then(then).text(), secret);
  }

  void restore(Connection connection, String secret) throws SQLException {
    run(connection, restore, secret);
  }

  /**
   * The same, with the end of the transaction. Deferred triggers still run as the actor.
   *
   * @return whether it is the one that {@link #save} has run in
   */
  boolean restoreAndCommit(Connection connection, String secret) throws SQLException {
    String text =
        Queries.of(Queries.FIRE_TRIGGERS).then(TransactionGuard.SEALED).around(restore, "commit");
    try (PreparedStatement statement = connection.prepareStatement(text)) {
      statement.setString(1, secret);
      statement.execute();
      statement.getMoreResults(); // behind that of the triggers
      try (ResultSet row = statement.getResultSet()) {
        return row != null && row.next() && row.getBoolean(1);
      }
    }
  }

  private static void run(Connection connection, String text, String secret) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(text)) {
      statement.setString(1, secret);
      statement.execute();
    }
  }
}
