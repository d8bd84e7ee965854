package dev.dovetable.core.internal.connection;

import dev.dovetable.core.common.Actor;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.BaseTables;
import dev.dovetable.core.internal.sql.SqlFile;
import dev.dovetable.core.internal.sql.SqlTemplate;
import dev.dovetable.core.internal.sql.Subject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Param;
import org.jooq.QueryPart;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The queries that make the rest of a transaction run as an actor, and perhaps read only, and those
 * that put back what was before. The one place where role, claims and timeouts are set. Immutable
 * and thread-safe.
 */
public final class Prelude {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final DSLContext RENDERING = DSL.using(SQLDialect.POSTGRES);
  private static final SqlTemplate SETTINGS = SqlTemplate.ofFile("internal/connection/prelude.sql");
  private static final Queries SAVE = Queries.of(SqlFile.text("internal/connection/save.sql"));

  /** A query with one row, whose first column has a name that nothing else has. */
  static final String RESTORE = SqlFile.text("internal/connection/restore.sql");

  /** Of the first column of {@link #RESTORE}. */
  static final String RESTORE_LABEL = "crm_restored";

  private static final String USERS_ROLE = "authenticated";

  private final String role;
  private final boolean readOnly;
  private final Subject subject;
  private final Queries queries;

  private Prelude(String role, boolean readOnly, Subject subject, Queries queries) {
    this.role = role;
    this.readOnly = readOnly;
    this.subject = subject;
    this.queries = queries;
  }

  /** For the base tables. */
  static Prelude of(Actor actor, Timeouts timeouts, BaseTables base) {
    return new Prelude(
        role(actor), false, base, settings(role(actor), claims(actor), timeouts, false));
  }

  /**
   * For an agent's tables. Fails if there is no such agent, except for an anonymous actor, who may
   * not know.
   */
  static Prelude of(Actor actor, Timeouts timeouts, boolean readOnly, AgentIdentity agent) {
    Queries queries = settings(role(actor), claims(actor), timeouts, readOnly);
    if (!(actor instanceof Actor.Anonymous)) {
      queries = queries.then(inlined(agent.enter(false)));
    }
    return new Prelude(role(actor), readOnly, agent, queries);
  }

  /** The same for the agent's own user, found by the prelude itself. */
  static Prelude ofOwnUser(Queries settings, boolean readOnly, AgentIdentity agent) {
    return new Prelude(USERS_ROLE, readOnly, agent, settings.then(inlined(agent.enter(true))));
  }

  /** Of whatever agent's own user. */
  static Queries ownUserSettings(Timeouts timeouts, boolean readOnly) {
    return settings(USERS_ROLE, "", timeouts, readOnly);
  }

  /** The same, after a query by another actor, which fails if the rest isn't to be run. */
  public Prelude behind(Prelude first, QueryPart query) {
    return new Prelude(role, readOnly, subject, first.queries.then(inlined(query)).then(queries));
  }

  private static Queries settings(String role, String claims, Timeouts timeouts, boolean readOnly) {
    return inlined(
        SETTINGS.filled(
            DSL::name,
            Map.of(
                "role",
                DSL.inline(role),
                "claims",
                DSL.inline(claims),
                "read_only",
                DSL.inline(readOnly),
                "statement_timeout",
                milliseconds(timeouts.statement()),
                "lock_timeout",
                milliseconds(timeouts.lock()))));
  }

  private static String role(Actor actor) {
    if (actor instanceof Actor.User) {
      return USERS_ROLE;
    }
    return actor instanceof Actor.Service ? "service_role" : "anon";
  }

  private static String claims(Actor actor) {
    ObjectNode claims = JSON.createObjectNode();
    if (actor instanceof Actor.User user) {
      claims.put("sub", user.id().toString());
    }
    claims.put("role", role(actor));
    return JSON.writeValueAsString(claims);
  }

  String role() {
    return role;
  }

  /** Whether row level security lets what is behind it pass. */
  boolean actsAsService() {
    return role.equals("service_role");
  }

  /** Whether the rest of the transaction can't write. */
  boolean isReadOnly() {
    return readOnly;
  }

  /** Whom the statements behind it are about. */
  Subject subject() {
    return subject;
  }

  /** Each gives one row. */
  Queries queries() {
    return queries;
  }

  /** The same, for a transaction that goes on as somebody else after {@link #RESTORE}. */
  Queries saving() {
    return SAVE.then(queries);
  }

  /** Runs queries in one round trip, in which BEGIN travels along if no transaction has begun. */
  static void run(Connection connection, String queries) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(queries);
    }
  }

  private static Param<String> milliseconds(Optional<Duration> timeout) {
    return DSL.inline(
        timeout.map(t -> Long.toString(t.toMillis())).orElse(null), SQLDataType.VARCHAR);
  }

  /** With literals, so that the parameters of the statement behind it keep their places. */
  private static Queries inlined(QueryPart query) {
    return Queries.of(RENDERING.renderInlined(query));
  }
}
