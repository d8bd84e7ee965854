package dev.dovetable.core.changes;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.connection.Wakes;
import dev.dovetable.core.internal.sql.BaseTables;
import dev.dovetable.core.internal.sql.QueryTemplate;
import dev.dovetable.schema.migration.AgentExtension;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jooq.JSONB;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/**
 * What was committed to the tables of one agent, or of all: by whatever way, psql included, once
 * each. A transaction that is open for long comes late itself, and keeps nobody else waiting. Order
 * is that in which transactions began; within one, that of its statements.
 *
 * <pre>{@code
 * AgentMigrations.of(ChangeFeed.extension()).run(dataSource); // at every start
 *
 * ChangeSubscription screen =
 *     shop.changes().listen(changes -> changes.forEach(change -> refresh(change.customerIds())));
 * }</pre>
 *
 * <p>The feed goes back 36 to 48 hours, if somebody {@linkplain #rotate() keeps it small}. Who
 * reads it needs a transaction that is READ COMMITTED. Immutable and thread-safe; one that was
 * opened in a transaction belongs to its thread.
 */
public final class ChangeFeed {
  /** The topic of {@code {prefix}_customers}. */
  public static final String CUSTOMERS = "customers";

  /** The topic of {@code {prefix}_messages}. */
  public static final String MESSAGES = "messages";

  /** The topic of WhatsApp's side of messages: what became of them, and their ids there. */
  public static final String DELIVERIES = "deliveries";

  /** The topic of {@code {prefix}_orders}, which items and totals write to as well. */
  public static final String ORDERS = "orders";

  /**
   * The topic of conversations' state, where the application has that extension. They have no ids:
   * {@link Change#customerIds()} tells.
   */
  public static final String CONVERSATIONS = "conversations";

  /** The topic of conversations' tags, which have no ids: {@link Change#customerIds()} tells. */
  public static final String CONVERSATION_TAGS = "conversation_tags";

  /** The topic of conversations' notes. */
  public static final String CONVERSATION_NOTES = "conversation_notes";

  /** The topic of agents: one was deleted. For the service alone, like all of its changes then. */
  public static final String AGENTS = "agents";

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,60}");
  private static final QueryTemplate<JSONB> READ =
      QueryTemplate.ofFile("changes/read.sql", DSL.field(DSL.name("page"), SQLDataType.JSONB));
  private static final QueryTemplate<Boolean> ROTATE =
      QueryTemplate.ofFile("changes/rotate.sql", DSL.field(DSL.name("done"), Boolean.class));

  private final Session session;
  private final BaseTables base;
  private final Optional<String> agent;
  private final Optional<Wakes> wakes;

  /**
   * Internal: {@link dev.dovetable.core.TenantScope#changes()} and {@link
   * dev.dovetable.core.ActorScope#changes()} make it.
   *
   * @param session runs the statements
   * @param base whose changes
   * @param agent the prefix; empty for all agents
   * @param wakes who wakes listeners; empty in a transaction
   */
  public ChangeFeed(
      Session session, BaseTables base, Optional<String> agent, Optional<Wakes> wakes) {
    this.session = session;
    this.base = base;
    this.agent = agent;
    this.wakes = wakes;
  }

  /**
   * The triggers that the feed needs on each agent's tables: without them nothing is told, and
   * writing costs nothing. Pass it to {@code AgentMigrations.of(…)}, with the application's own
   * extensions, at every start.
   *
   * @return the extension
   */
  public static AgentExtension extension() {
    return AgentExtension.fromClassPath(
        "change_feed", "dev/dovetable/core/changes", "001_watch_tables.sql");
  }

  /**
   * The present, to be read from. One round trip.
   *
   * @return a cursor behind all that is committed by now
   * @throws RefusedException if the agent, or everybody, lacks {@link #extension()} ({@link
   *     RefusedException.Reason#CHANGES_NOT_REGISTERED})
   * @throws AccessDeniedException if it is of all agents, and not the service that asks; or if the
   *     agent isn't the user's
   * @throws UnknownAgentException if there is no such agent
   */
  public ChangeCursor now() {
    return fetch(Optional.empty(), 1).next();
  }

  /**
   * What was committed since. One round trip.
   *
   * @param after {@link #now()}, or where the last page ended
   * @param limit how many at most, from 1 to 10 000
   * @return the page; its cursor is to be kept also where it is empty
   * @throws RefusedException as {@link #now()} does, or if changes since are kept no longer ({@link
   *     RefusedException.Reason#CHANGES_LOST})
   * @throws AccessDeniedException if the user may not read the cursor's agent any more, or another
   *     one has its prefix by now
   * @throws UnknownAgentException if there is no agent of that prefix; or the service asks, and it
   *     is another one by now
   */
  public ChangePage read(ChangeCursor after, int limit) {
    return fetch(Optional.of(after.place()), ChangeReader.limit(limit));
  }

  private ChangePage fetch(Optional<String> place, int wanted) {
    return ChangeReader.page(
        READ.fetchSingle(
            session.dsl(),
            base,
            Map.of(
                "read_changes",
                DSL.sql("{0}", base.internal("read_changes")),
                "agent",
                ChangeReader.text(agent),
                "place",
                ChangeReader.text(place),
                "wanted",
                DSL.val(wanted))));
  }

  /**
   * Somebody whose place is kept in the database. No round trip.
   *
   * <p>Each agent has consumers of its own, apart from those of all agents' changes; and of these
   * the service has its own, the agent's user, whom {@code asAgent} acts as, and each member, at
   * most 100 each but for the service. Nobody else can move or remove them: work that must miss
   * nothing takes as the service.
   *
   * @param name of letters, digits, {@code _}, {@code -} and {@code .}, at most 60
   * @return the consumer, which is there from its first {@link ChangeConsumer#take} on
   * @throws InvalidDataException if the name is malformed
   */
  public ChangeConsumer consumer(String name) {
    if (!NAME.matcher(requireNonNull(name, "name")).matches()) {
      throw new InvalidDataException(
          InvalidDataException.Kind.OUT_OF_BOUNDS,
          "The name of a consumer of changes is malformed.",
          "Use up to 60 letters, digits, underscores, hyphens and full stops.");
    }
    return new ChangeConsumer(session, base, agent, name);
  }

  /**
   * Tells what is committed from now on, for screens. Two hundred milliseconds at most after the
   * commit, and sooner if the writing process {@linkplain
   * dev.dovetable.core.CrmBuilder#announceChanges() announces} it, as long as all listeners of this
   * {@code Crm} are quick. A connection that is lost is replaced, and nothing is missed meanwhile.
   * One round trip, and one for each time it looks.
   *
   * <p>All listeners of a {@code Crm} share a daemon thread and, if the {@code Crm} was made from a
   * DataSource, a connection of it, which has to keep its session to be woken: through PgBouncer in
   * transaction mode it polls. A {@code Crm} on connections of the host's polls, in that thread:
   * its ConnectionProvider has to give that one connections of its own.
   *
   * @param listener who is told
   * @return what ends it
   * @throws RefusedException as {@link #now()} does
   * @throws AccessDeniedException as {@link #now()} does
   * @throws UnknownAgentException as {@link #now()} does
   * @throws IllegalStateException in a transaction, which will be over
   */
  public ChangeSubscription listen(ChangeListener listener) {
    requireNonNull(listener, "listener");
    Wakes shared =
        wakes.orElseThrow(
            () ->
                new IllegalStateException(
                    "A transaction can't listen, because it will be over: call listen(…) on a scope"
                        + " outside of it."));
    Listening listening = new Listening(this, listener, now());
    listening.start(shared);
    return listening;
  }

  /**
   * Keeps the feed small: if its newest part is twelve hours old, empties the oldest one for the
   * next. For the service, on the feed of all agents, which does it by itself while somebody
   * listens to that; else from a job, every hour, say. One round trip.
   *
   * @return whether it did; if not, it wasn't time, or somebody was at work there
   * @throws AccessDeniedException unless it is the service
   */
  public boolean rotate() {
    return ROTATE.fetchSingle(
        session.dsl(),
        base,
        Map.of("rotate_changes", DSL.sql("{0}", base.internal("rotate_changes"))));
  }

  /** Whether it is of all agents. */
  boolean isOfAll() {
    return agent.isEmpty();
  }

  @Override
  public String toString() {
    return "ChangeFeed[schema=" + base.schema() + ", agent=" + agent.orElse("all") + "]";
  }
}
