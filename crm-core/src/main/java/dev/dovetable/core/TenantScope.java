package dev.dovetable.core;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.changes.ChangeFeed;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.core.customers.CustomerRepository;
import dev.dovetable.core.deliveries.DeliveryRepository;
import dev.dovetable.core.inbox.ConversationRepository;
import dev.dovetable.core.inbox.InboxRepository;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.connection.Sessions;
import dev.dovetable.core.internal.connection.Wakes;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.Prefixes;
import dev.dovetable.core.internal.sql.TemplateTables;
import dev.dovetable.core.jooq.TenantTables;
import dev.dovetable.core.messages.MessageRepository;
import dev.dovetable.core.orders.OrderRepository;
import java.util.Optional;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jooq.impl.TableImpl;
import org.jspecify.annotations.Nullable;

/**
 * A tenant: one agent as one actor sees it, with the agent's customers, messages and orders, under
 * row level security.
 *
 * <p>Bound to the agent's prefix and to the actor for good. Nothing in it goes stale: each
 * statement, or transaction, finds out anew whether there is the agent and who its own user is, in
 * its own round trip. If the agent is deleted, the next one throws {@link UnknownAgentException};
 * if it is made again, or given to another user, the next one acts in the new one, or as the new
 * user. Under {@link Crm#asAgent}, an agent without a user, because that was deleted, throws {@link
 * RefusedException}.
 *
 * <p>Immutable and thread-safe; holds no connection. The scope that {@link #transaction} hands in
 * holds one, and belongs to that transaction's thread.
 */
public final class TenantScope {
  private final AgentIdentity identity;
  private final TenantTables tables;
  private final Session session;
  private final Supplier<Session> readOnly;
  private final Supplier<Optional<Wakes>> wakes;

  private TenantScope(
      AgentIdentity identity,
      TenantTables tables,
      Session session,
      Supplier<Session> readOnly,
      Supplier<Optional<Wakes>> wakes) {
    this.identity = identity;
    this.tables = tables;
    this.session = session;
    this.readOnly = readOnly;
    this.wakes = wakes;
  }

  /**
   * Opens one.
   *
   * @param actor empty for the agent's own user
   */
  static TenantScope open(Sessions sessions, String prefix, Optional<Actor> actor) {
    return open(sessions, sessions::wakes, prefix, actor);
  }

  /** The same, where who wakes those who listen may change. */
  static TenantScope open(
      Sessions sessions, Supplier<Optional<Wakes>> wakes, String prefix, Optional<Actor> actor) {
    AgentIdentity identity = new AgentIdentity(sessions.base(), Prefixes.require(prefix));
    return new TenantScope(
        identity,
        identity.tables(),
        sessions.open(sessions.prelude(actor, false, identity)),
        () -> sessions.open(sessions.prelude(actor, true, identity)),
        wakes);
  }

  /**
   * The agent's prefix.
   *
   * @return the prefix that the scope was opened with
   */
  public String prefix() {
    return identity.prefix();
  }

  /**
   * The agent's id. One round trip.
   *
   * @return {@code agents.id}
   * @throws UnknownAgentException if no agent has the prefix
   */
  public long agentId() {
    return session.fetchId(identity);
  }

  /**
   * The agent's customers.
   *
   * @return a repository
   */
  public CustomerRepository customers() {
    return new CustomerRepository(session, identity, tables.customers());
  }

  /**
   * The agent's messages.
   *
   * @return a repository
   */
  public MessageRepository messages() {
    return new MessageRepository(session, identity, tables);
  }

  /**
   * WhatsApp's side of the agent's messages: its ids, what became of those that were sent, and the
   * details of those that were received.
   *
   * @return a repository
   */
  public DeliveryRepository deliveries() {
    return new DeliveryRepository(session, identity, tables.messages());
  }

  /**
   * The agent's customers by their latest message.
   *
   * @return a repository
   */
  public ConversationRepository conversations() {
    return new ConversationRepository(session, identity);
  }

  /**
   * What people do with conversations: assign, close, snooze, tag, read.
   *
   * @return a repository
   */
  public InboxRepository inbox() {
    return new InboxRepository(session, identity);
  }

  /**
   * The agent's orders.
   *
   * @return a repository
   */
  public OrderRepository orders() {
    return new OrderRepository(session, identity, tables);
  }

  /**
   * What is written to the agent's tables.
   *
   * @return the feed
   */
  public ChangeFeed changes() {
    return new ChangeFeed(session, identity.base(), Optional.of(prefix()), wakes.get());
  }

  /**
   * The agent's tables for jOOQ queries of the caller's own.
   *
   * @return the tables under their full names
   */
  public TenantTables tables() {
    return tables;
  }

  /**
   * A table of an {@link dev.dovetable.schema.migration.AgentExtension}, for jOOQ queries of the
   * caller's own. Its class was generated from a template agent by {@code AgentTablesGenerator} of
   * {@code crm-testkit-codegen}; those of webhooks are there, such as {@code
   * Tables.WHATSAPP_DELIVERIES} of {@code dev.dovetable.core.jooq}. Unbound, it has a name that
   * exists nowhere.
   *
   * <pre>{@code
   * Appointments appointments = shop.table(APPOINTMENTS);
   * shop.dsl().fetchCount(appointments, appointments.STARTS_AT.ge(today));
   * }</pre>
   *
   * <p>The table goes by its full name, schema and prefix, like those of {@link #tables()}. jOOQ's
   * records always belong to the template, so {@code store()} and {@code delete()} of a record
   * fail: use statements on the table. No round trip.
   *
   * @param template the generated constant, such as {@code APPOINTMENTS}
   * @param <T> the generated class
   * @return the agent's own table, of the same class
   * @throws IllegalArgumentException if it is no such table: one that all agents share, one that is
   *     bound already, an alias, a table with a condition
   */
  public <T extends TableImpl<?>> T table(T template) {
    return TemplateTables.bind(template, identity.schema(), identity.prefix());
  }

  /**
   * For jOOQ queries of the caller's own, which run as this scope's actor: one round trip for each.
   * Outside a transaction of this scope, a batch takes two more, and so does JDBC on the connection
   * itself. They fail with this library's exceptions. A cursor or stream that is read step by step
   * holds its connection until it is closed; in a transaction of the host's, all its rows are
   * fetched at once.
   *
   * <p>A caller's SQL must not change the role or the claims, nor begin, end or mark transactions:
   * in a transaction of this scope, the next statement or the COMMIT throws {@link
   * RefusedException} ({@link RefusedException.Reason#TRANSACTION_ENDED}) then. JDBC code on its
   * connection must not swallow exceptions: PostgreSQL rolls back what a failed statement is part
   * of.
   *
   * @return a context of its own at each call; settings changed on it stay there
   */
  public DSLContext dsl() {
    return session.copy();
  }

  /**
   * Runs work in one transaction: all of it is done, or none. Within another transaction of this
   * scope, or of the host's, it is a savepoint. Round trips: one more than the statements in it,
   * the COMMIT; a savepoint takes two.
   *
   * <p>Only the scope that is handed in takes part; this one, and what came from it, throws {@link
   * IllegalStateException} when it is used meanwhile by the same thread, unless the connections are
   * the host's, where it takes part, too. For what is to stay whatever becomes of the transaction,
   * open another scope. What the work throws comes back unchanged, after a rollback.
   *
   * @param work gets a scope for this transaction, not to be used by another thread; after it, the
   *     scope and what came from it throw {@link IllegalStateException}
   * @param <T> what the work gives back
   * @param <E> what the work may throw
   * @return what the work gave back
   * @throws E what the work threw
   */
  public <T extends @Nullable Object, E extends Exception> T transaction(
      TransactionalWork<TenantScope, T, E> work) throws E {
    requireNonNull(work, "work");
    return session.nested(
        inner ->
            work.run(
                new TenantScope(
                    identity, tables, inner, TenantScope::notWithinTransaction, Optional::empty)));
  }

  /**
   * The same scope for reading: the database refuses every write, also in jOOQ queries of the
   * caller's own and in functions that they call, with a {@link DatabaseException} of the kind
   * {@link DatabaseException.Kind#READ_ONLY}. That costs no round trip. In a transaction of the
   * host's its statements throw {@link RefusedException}, because the host couldn't write either.
   *
   * @return another scope; this one stays as it is
   * @throws IllegalStateException if this scope belongs to a transaction, which may have written
   */
  public TenantScope readOnly() {
    return new TenantScope(identity, tables, readOnly.get(), readOnly, wakes);
  }

  private static Session notWithinTransaction() {
    throw new IllegalStateException(
        "A transaction can't become read-only: call readOnly() on the scope, then transaction().");
  }

  /** Names agent and schema. */
  @Override
  public String toString() {
    return "TenantScope[" + identity.schema() + "." + identity.prefix() + "]";
  }
}
