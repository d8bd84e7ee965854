package dev.dovetable.core;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.core.internal.connection.ConnectionSource;
import dev.dovetable.core.internal.connection.Sessions;
import dev.dovetable.core.webhooks.WebhookSettings;
import dev.dovetable.core.webhooks.Webhooks;
import java.util.Optional;
import javax.sql.DataSource;
import org.jooq.ConnectionProvider;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The entry point: the CRM's data in one schema of one database.
 *
 * <pre>{@code
 * Crm crm = Crm.create(dataSource);
 * TenantScope shop = crm.as(Actor.user(signedIn)).tenant("agt_6f78");
 * Customer customer = shop.customers().findOrCreateByPhone("4915112345678", "Ada");
 * shop.messages().recordInbound(customer.id(), "Hello");
 * }</pre>
 *
 * <p>Each statement runs as somebody, and nothing can be reached before that is said: {@link
 * #as(Actor)} is for requests of signed-in users, {@link #asService()} for the back office, past
 * row level security, and {@link #asAgent(String)} for jobs that do an agent's work under row level
 * security. The role that the DataSource logs in as has to be a member of {@code authenticated} and
 * {@code service_role}; with a {@linkplain CrmBuilder#serviceDataSource second one} for everything
 * but {@link #as(Actor)}, only that one's role is a member of {@code service_role}.
 *
 * <p>A statement takes one round trip: role and claims travel with it, and are gone when it ends. A
 * transaction takes one more than its statements, the COMMIT; what fails, one more for the
 * ROLLBACK. Every method that talks to the database can throw, besides what it says itself, {@link
 * DatabaseException} and {@link AccessDeniedException}.
 *
 * <h2>Whose transactions</h2>
 *
 * <p>Made from a {@link DataSource}, the CRM uses connections of its own, on which no transaction
 * is open, and every call is one transaction unless {@link TenantScope#transaction} or {@link
 * #transaction} joins several.
 *
 * <p>Made from a {@link DSLContext} or {@link ConnectionProvider}, it uses the connections that the
 * host's code uses at the same moment. One with autocommit off is in a transaction of the host's:
 * the CRM's statements become part of it and end with it, {@code transaction(…)} is a savepoint in
 * it, and the CRM neither commits nor rolls back. Before, between and after the CRM's statements
 * the transaction goes on as the host's own role, with the host's claims and timeouts: they are put
 * back in the same round trip. After a failed statement the host has to roll back, all of it or to
 * a savepoint, as ever in PostgreSQL. On a connection with autocommit on it is as with a
 * DataSource. A pool that gives connections with autocommit off, also where the host has begun no
 * transaction, rolls back what the CRM has written when it gets them back.
 *
 * <p>jOOQ's own transactions, {@code host.transaction(…)}, hand in a context with a connection that
 * {@code host} itself doesn't lead to: make a CRM from that context.
 *
 * <p>Immutable, thread-safe and cheap; holds no connection.
 */
public final class Crm {
  private final Sessions sessions;
  private final ServiceWork service;
  private final WebhookSettings webhooks;

  /**
   * With these connections.
   *
   * @param sessions for users
   * @param service for all others
   */
  Crm(Sessions sessions, ServiceWork service, WebhookSettings webhooks) {
    this.sessions = sessions;
    this.service = service;
    this.webhooks = webhooks;
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
   * The CRM in schema {@code public}, taking part in the host's transactions. No database is needed
   * yet.
   *
   * @param host of which only the connections are used, not its settings or listeners
   * @return the CRM
   */
  public static Crm create(DSLContext host) {
    return builder(host).build();
  }

  /**
   * For other settings.
   *
   * @param dataSource gives connections on which no transaction is open, from a pool as a rule; one
   *     with autocommit off is set to autocommit while it is used, unless a transaction is open on
   *     it, which throws {@link RefusedException}
   * @return a builder with all settings at their defaults
   * @throws IllegalArgumentException if it is Spring's TransactionAwareDataSourceProxy, which has
   *     to be passed as a ConnectionProvider
   */
  public static CrmBuilder builder(DataSource dataSource) {
    return new CrmBuilder(new ConnectionSource.Pool(requireNonNull(dataSource, "dataSource")));
  }

  /**
   * For other settings; takes part in the host's transactions.
   *
   * @param host of which only the connections are used, not its settings or listeners
   * @return a builder with all settings at their defaults
   */
  public static CrmBuilder builder(DSLContext host) {
    return builder(requireNonNull(host, "host").configuration().connectionProvider());
  }

  /**
   * For other settings; takes part in the host's transactions.
   *
   * @param host gives the connection of the transaction at hand, with autocommit off; or, outside
   *     of transactions, one with autocommit on
   * @return a builder with all settings at their defaults
   */
  public static CrmBuilder builder(ConnectionProvider host) {
    return new CrmBuilder(new ConnectionSource.Host(requireNonNull(host, "host")));
  }

  /**
   * The CRM as one actor sees it: for requests, with {@link Actor#user(java.util.UUID)} and the id
   * that the application's sign-in knows. That id is believed.
   *
   * @param actor who acts
   * @return everything that the actor may reach
   * @throws RefusedException if the actor is the service, as {@link #asService()}
   */
  public ActorScope as(Actor actor) {
    requireNonNull(actor, "actor");
    return new ActorScope(
        actor instanceof Actor.Service ? service.sessions("asService()") : sessions, actor);
  }

  /**
   * The CRM for back-office work: everything in it runs as {@code service_role}, which row level
   * security doesn't hold back. With a prefix out of a request, that is anybody's data.
   *
   * @return everything there is
   * @throws RefusedException if the CRM was made {@link CrmBuilder#withoutService() without} it;
   *     nothing was sent
   */
  public ActorScope asService() {
    return as(Actor.service());
  }

  /**
   * One agent's data, seen as the agent's own user, whoever calls: for jobs that know whose data
   * they are about, and work on them under row level security. With a prefix out of a request, that
   * is anybody's data: requests are for {@link #as(Actor)}.
   *
   * <p>No database is needed yet: each statement of the scope looks the agent and its user up in
   * its own round trip, and throws {@link UnknownAgentException} if there is no such agent, and
   * {@link RefusedException} if it has no user to act as; {@link #asService()} opens that one too.
   *
   * @param prefix the agent's prefix, such as {@code agt_6f78}
   * @return a scope; it holds nothing, so it can be kept or made anew
   * @throws RefusedException if the prefix is malformed, or the CRM was made {@link
   *     CrmBuilder#withoutService() without} the service; nothing was sent
   */
  public TenantScope asAgent(String prefix) {
    return TenantScope.open(service.sessions("asAgent(…)"), prefix, Optional.empty());
  }

  /**
   * The schema that holds the tables.
   *
   * @return its name, unquoted
   */
  public String schema() {
    return sessions.base().schema();
  }

  /**
   * What WhatsApp sends: takes callbacks in and stores their messages and statuses with the agents.
   *
   * @return the webhooks; they look up whose a business number is as the service, and store as the
   *     agent's own user
   * @throws RefusedException if the CRM was made {@link CrmBuilder#withoutService() without} the
   *     service; nothing was sent
   */
  public Webhooks webhooks() {
    return new Webhooks(webhooks, service.sessions("webhooks()"));
  }

  /**
   * Runs work about several agents, or with several actors, in one transaction: all of it is done,
   * or none. Within another such transaction, or one of the host's, it is a savepoint. Round trips:
   * one more than the statements in it, the COMMIT; a savepoint takes two.
   *
   * <p>What is opened from the CRM that is handed in takes part, as in a transaction of the host's:
   * each statement acts as its own actor, and streams hold all their rows. After a failed statement
   * nothing more can be done in it, unless that statement was in a transaction within. What the
   * work throws comes back unchanged, after a rollback. For one agent, {@link
   * TenantScope#transaction} does the same with less to send.
   *
   * <p>It is on the connections of signed-in users: if the service has {@linkplain
   * CrmBuilder#serviceDataSource its own}, {@link #asService()}, {@link #asAgent} and {@link
   * #webhooks()} throw {@link RefusedException} in it, before anything is sent.
   *
   * @param work gets a CRM for this transaction, not to be used by another thread; after it, that
   *     CRM and what came from it throw {@link IllegalStateException}
   * @param <T> what the work gives back
   * @param <E> what the work may throw
   * @return what the work gave back
   * @throws E what the work threw
   */
  public <T extends @Nullable Object, E extends Exception> T transaction(
      TransactionalWork<Crm, T, E> work) throws E {
    requireNonNull(work, "work");
    return sessions.shared(joined -> work.run(new Crm(joined, service.within(joined), webhooks)));
  }

  /** Of signed-in users. */
  Sessions userSessions() {
    return sessions;
  }

  /**
   * Of all others.
   *
   * @param form what was called, to be named by the exception
   * @throws RefusedException if there are none
   */
  Sessions serviceSessions(String form) {
    return service.sessions(form);
  }

  boolean hasService() {
    return !(service instanceof ServiceWork.None);
  }

  /** Names the schema, never the login. */
  @Override
  public String toString() {
    return "Crm[schema=" + schema() + "]";
  }
}
