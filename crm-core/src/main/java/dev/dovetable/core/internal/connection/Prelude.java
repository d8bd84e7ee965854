package dev.dovetable.core.internal.connection;

import dev.dovetable.core.common.Actor;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.BaseTables;
import dev.dovetable.core.internal.sql.Json;
import dev.dovetable.core.internal.sql.SqlTemplate;
import dev.dovetable.core.internal.sql.Subject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.QueryPart;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import tools.jackson.databind.node.ObjectNode;

/**
 * The queries that make the rest of a transaction run as an actor, and perhaps read only. The one
 * place where role, claims and timeouts are set. Immutable and thread-safe.
 */
public final class Prelude {
  private static final DSLContext RENDERING = DSL.using(SQLDialect.POSTGRES);
  private static final SqlTemplate SETTINGS = SqlTemplate.ofFile("internal/connection/prelude.sql");
  private static final String USERS_ROLE = "authenticated";

  /** In the place of a user's id, which needs no escaping. */
  private static final String USER = "{user}";

  /** In the place of an agent's prefix, which needs no escaping either. */
  public static final String PREFIX = "{prefix}";

  private final String role;
  private final boolean readOnly;
  private final Subject subject;
  private final Queries queries;

  /** Empty for the agent's own user. */
  private final Optional<Actor> actor;

  private Prelude(Optional<Actor> actor, boolean readOnly, Subject subject, Queries queries) {
    this.actor = actor;
    this.role = actor.map(Prelude::role).orElse(USERS_ROLE);
    this.readOnly = readOnly;
    this.subject = subject;
    this.queries = queries;
  }

  /** For the base tables. */
  static Prelude of(Actor actor, BaseTables base, Queries queries) {
    return new Prelude(Optional.of(actor), false, base, identified(queries, actor));
  }

  /** For an agent's tables. */
  static Prelude of(Actor actor, boolean readOnly, AgentIdentity agent, Queries queries) {
    return new Prelude(Optional.of(actor), readOnly, agent, identified(of(agent, queries), actor));
  }

  /** The same for the agent's own user, found by the prelude itself. */
  static Prelude ofOwnUser(boolean readOnly, AgentIdentity agent, Queries queries) {
    return new Prelude(Optional.empty(), readOnly, agent, of(agent, queries));
  }

  private static Queries of(AgentIdentity agent, Queries queries) {
    return queries.with(PREFIX, agent.prefix());
  }

  private static Queries identified(Queries queries, Actor actor) {
    return actor instanceof Actor.User user ? queries.with(USER, user.id().toString()) : queries;
  }

  /**
   * Queries for whichever actor of this kind, and agent, in whose places there are {@link #USER}
   * and {@link #PREFIX}.
   *
   * @param actor empty for agents' own users
   * @param entered if they are about an agent, which has to be there
   */
  static Queries template(
      Optional<Actor> actor, Timeouts timeouts, boolean readOnly, Optional<BaseTables> entered) {
    Queries settings =
        settings(
            actor.map(Prelude::role).orElse(USERS_ROLE),
            actor.map(Prelude::claims).orElse(""),
            timeouts,
            readOnly);
    // An anonymous actor may not know whether there is such an agent.
    return actor.filter(Actor.Anonymous.class::isInstance).isPresent()
        ? settings
        : entered
            .map(base -> new AgentIdentity(base, PREFIX).enter(actor.isEmpty()))
            .map(enter -> settings.then(inlined(enter)))
            .orElse(settings);
  }

  /** The same, after a query by another actor, which fails if the rest isn't to be run. */
  public Prelude behind(Prelude first, Queries query) {
    return new Prelude(actor, readOnly, subject, first.queries.then(query).then(queries));
  }

  /** The same, with a query more. */
  public Prelude then(Queries last) {
    return new Prelude(actor, readOnly, subject, queries.then(last));
  }

  private static Queries settings(String role, String claims, Timeouts timeouts, boolean readOnly) {
    List<QueryPart> more = new ArrayList<>();
    if (readOnly) {
      more.add(setting("transaction_read_only", "on"));
    }
    timeouts.statement().ifPresent(t -> more.add(setting("statement_timeout", milliseconds(t))));
    timeouts.lock().map(t -> lockTimeout(t, timeouts.isLockSet())).ifPresent(more::add);
    return inlined(
        SETTINGS.filled(
            DSL::name,
            Map.of(
                "role",
                DSL.inline(role),
                "claims",
                DSL.inline(claims),
                "more",
                more.isEmpty() ? DSL.sql("") : DSL.sql(", {0}", DSL.list(more)))));
  }

  private static QueryPart lockTimeout(Duration timeout, boolean isSet) {
    QueryPart setting = setting("lock_timeout", milliseconds(timeout));
    return isSet
        ? setting
        : DSL.field(
            "case when pg_catalog.texteq(pg_catalog.current_setting({0}), {1}) then {2} end",
            DSL.inline("lock_timeout"), DSL.inline("0"), setting);
  }

  private static QueryPart setting(String name, String value) {
    return DSL.function(
        DSL.name("pg_catalog", "set_config"),
        SQLDataType.VARCHAR,
        DSL.inline(name),
        DSL.inline(value),
        DSL.inline(true));
  }

  private static String role(Actor actor) {
    if (actor instanceof Actor.User) {
      return USERS_ROLE;
    }
    return actor instanceof Actor.Service ? "service_role" : "anon";
  }

  private static String claims(Actor actor) {
    ObjectNode claims = Json.object();
    if (actor instanceof Actor.User) {
      claims.put("sub", USER);
    }
    claims.put("role", role(actor));
    return Json.write(claims);
  }

  String role() {
    return role;
  }

  /** What fails unless the transaction still acts as this says. */
  Queries guard() {
    return TransactionGuard.of(
        role, actor.map(one -> identified(Queries.of(claims(one)), one).text()));
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

  /** Runs queries in one round trip, in which BEGIN travels along if no transaction has begun. */
  static void run(Connection connection, String queries) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(queries);
    }
  }

  private static String milliseconds(Duration timeout) {
    return Long.toString(timeout.toMillis());
  }

  /** With literals, so that the parameters of the statement behind it keep their places. */
  static Queries inlined(QueryPart query) {
    return Queries.of(RENDERING.renderInlined(query));
  }
}
