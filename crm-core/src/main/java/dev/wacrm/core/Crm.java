package dev.wacrm.core;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The entry point: the CRM's data in one schema of one database.
 *
 * <pre>{@code
 * Crm crm = Crm.create(dataSource);
 * TenantScope shop = crm.tenant("agt_6f78");
 * Customer customer = shop.customers().findOrCreateByPhone("4915112345678", "Ada");
 * shop.messages().recordInbound(customer.id(), "Hello");
 * }</pre>
 *
 * <p>Each statement runs as an {@link Actor}, under row level security. Unless told otherwise by
 * {@link #as(Actor)}, that is the agent's own user in {@link #tenant(String)}, and the service in
 * {@link #users()}, {@link #agents()} and {@link #whatsapp()}. The role that the DataSource logs in
 * as has to be a member of {@code authenticated} and {@code service_role}.
 *
 * <p>A statement takes one round trip: role and claims travel with it, and are gone when it ends. A
 * transaction takes one more than its statements, the COMMIT; what fails, one more for the
 * ROLLBACK. Every method that talks to the database can throw, besides what it says itself, {@link
 * DatabaseException} and {@link AccessDeniedException}.
 *
 * <p>Immutable, thread-safe and cheap; holds no connection. The DataSource has to hand out
 * connections on which no transaction is open.
 */
public final class Crm {
  private static final String DEFAULT_SCHEMA = "public";
  private static final int MAX_SCHEMA_BYTES = 55;

  private final DataSource dataSource;
  private final BaseTables base;
  private final Optional<Actor> actor;
  private final Session session;

  private Crm(DataSource dataSource, BaseTables base, Optional<Actor> actor) {
    this.dataSource = dataSource;
    this.base = base;
    this.actor = actor;
    Actor acting = actor.orElse(Actor.service());
    this.session =
        Session.of(dataSource, base.schema(), () -> acting, new Installation(base.schema()));
  }

  /**
   * The CRM in schema {@code public}. No database is needed yet.
   *
   * @param dataSource gives connections, from a pool as a rule
   * @return the CRM
   */
  public static Crm create(DataSource dataSource) {
    return builder(dataSource).build();
  }

  /**
   * For other settings.
   *
   * @param dataSource gives connections, from a pool as a rule
   * @return a builder with all settings at their defaults
   */
  public static Builder builder(DataSource dataSource) {
    return new Builder(dataSource);
  }

  /**
   * The same CRM, everything in which runs as the given actor.
   *
   * @param actor who acts
   * @return another CRM; this one stays as it is
   */
  public Crm as(Actor actor) {
    return new Crm(dataSource, base, Optional.of(requireNonNull(actor, "actor")));
  }

  /**
   * The same CRM for back-office work: everything in it runs as {@code service_role}, which row
   * level security doesn't hold back.
   *
   * @return another CRM; this one stays as it is
   */
  public Crm asService() {
    return as(Actor.service());
  }

  /**
   * The schema that holds the tables.
   *
   * @return its name, unquoted
   */
  public String schema() {
    return base.schema();
  }

  /**
   * The users.
   *
   * @return a repository that acts as the service, or as whom {@link #as(Actor)} said
   */
  public UserRepository users() {
    return new UserRepository(session, base);
  }

  /**
   * The agents.
   *
   * @return a repository that acts as the service, or as whom {@link #as(Actor)} said
   */
  public AgentRepository agents() {
    return new AgentRepository(session, base, actor.orElse(Actor.service()));
  }

  /**
   * The WhatsApp configurations.
   *
   * @return a repository that acts as the service, or as whom {@link #as(Actor)} said
   */
  public WhatsAppConfigRepository whatsapp() {
    return new WhatsAppConfigRepository(session, base);
  }

  /**
   * One agent's data, seen as the agent's own user, or as whom {@link #as(Actor)} said. No database
   * is needed yet: the agent is looked up at the scope's first statement (one round trip, once),
   * which throws {@link UnknownAgentException} if there is none, and {@link RefusedException} if
   * the agent has no user to act as; {@link #asService()} opens that one too.
   *
   * @param prefix the agent's prefix, such as {@code agt_6f78}
   * @return a scope worth keeping
   * @throws RefusedException if the prefix is malformed; no SQL has seen it then
   */
  public TenantScope tenant(String prefix) {
    return TenantScope.open(
        dataSource, new AgentIdentity(session, base, Prefixes.require(prefix)), actor);
  }

  /** Names the schema and who acts, never the login. */
  @Override
  public String toString() {
    return "Crm[schema="
        + schema()
        + ", actor="
        + actor.map(Object::toString).orElse("default")
        + "]";
  }

  /** Settings of a {@link Crm}. Not thread-safe; {@link #build()} can be called many times. */
  public static final class Builder {
    private final DataSource dataSource;
    private String schema = DEFAULT_SCHEMA;

    private Builder(DataSource dataSource) {
      this.dataSource = requireNonNull(dataSource, "dataSource");
    }

    /**
     * The schema that holds the tables; default {@code public}.
     *
     * @param schema a name, unquoted; at most 55 bytes
     * @return this builder
     * @throws IllegalArgumentException if it is blank or too long
     */
    public Builder schema(String schema) {
      int bytes = requireNonNull(schema, "schema").getBytes(StandardCharsets.UTF_8).length;
      if (schema.isBlank() || schema.indexOf('\0') >= 0 || bytes > MAX_SCHEMA_BYTES) {
        throw new IllegalArgumentException(
            "schema must be a name of 1 to " + MAX_SCHEMA_BYTES + " bytes, not '" + schema + "'");
      }
      this.schema = schema;
      return this;
    }

    /**
     * Makes the CRM. No database is needed yet.
     *
     * @return the CRM
     */
    public Crm build() {
      return new Crm(dataSource, BaseTables.of(schema), Optional.empty());
    }
  }
}
