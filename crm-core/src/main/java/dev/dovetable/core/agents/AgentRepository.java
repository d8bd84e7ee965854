package dev.dovetable.core.agents;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.core.internal.connection.KeysetById;
import dev.dovetable.core.internal.connection.LockRetry;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.BaseTables;
import dev.dovetable.core.internal.sql.Json;
import dev.dovetable.core.internal.sql.Keyset;
import dev.dovetable.core.internal.sql.Prefixes;
import dev.dovetable.core.jooq.tables.Agents;
import dev.dovetable.core.jooq.tables.DeleteAgent;
import dev.dovetable.core.users.UserChanges;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import tools.jackson.databind.node.ObjectNode;

/**
 * The agents: {@code agents} and its functions in the specification. Round trips are those of one
 * statement ({@link dev.dovetable.core.Crm}) unless a method says otherwise.
 *
 * <p>Immutable and thread-safe.
 */
public final class AgentRepository {
  private static final String LIST = "agents";
  private static final Field<JSONB> AGENT = DSL.field(DSL.name("agent"), JSONB.class);
  private static final Field<String> REASON = DSL.field(DSL.name("reason"), String.class);
  private static final Field<String> MESSAGE = DSL.field(DSL.name("message"), String.class);
  private static final Field<String> OTHER_PREFIX =
      DSL.field(DSL.name("other_prefix"), String.class);

  private final Session session;
  private final BaseTables base;
  private final Agents table;
  private final Actor actor;

  /**
   * Internal: {@link dev.dovetable.core.ActorScope#agents()} makes it.
   *
   * @param session runs the statements
   * @param base the tables that all agents share
   * @param actor who acts
   */
  public AgentRepository(Session session, BaseTables base, Actor actor) {
    this.session = session;
    this.base = base;
    this.table = base.agents();
    this.actor = actor;
  }

  /**
   * Makes an agent and its four tables: {@code create_agent} in the specification. For the service,
   * and for admins in their own name.
   *
   * <p>Agents are made one after the other, so this waits its turn; lock timeouts and deadlocks are
   * retried for up to 30 seconds. One round trip.
   *
   * @param userId the user who works as this agent
   * @param prefix what the names of its tables begin with: 1 to 20 characters, a lower-case letter,
   *     then lower-case letters, digits and underscores; never changes
   * @param createdBy the user who makes the agent; can't be deleted as long as it exists
   * @return the agent
   * @throws RefusedException if the prefix is malformed or taken, the user has an agent already or
   *     doesn't exist, or names that the tables would need are taken
   */
  public Agent create(UUID userId, String prefix, UUID createdBy) {
    requireNonNull(userId, "userId");
    Prefixes.require(prefix);
    requireNonNull(createdBy, "createdBy");
    if (actor instanceof Actor.User user && !user.id().equals(createdBy)) {
      throw new AccessDeniedException(
          "The agent " + prefix + " would be created by somebody else than who is acting.",
          "Pass the actor's own id as createdBy, or act as the service.",
          null);
    }
    return LockRetry.lockFailures(() -> tryToCreate(userId, prefix, createdBy));
  }

  /**
   * An agent.
   *
   * @param id the agent's id
   * @return the agent; empty if there is none
   */
  public Optional<Agent> find(long id) {
    return findWhere(table.ID.eq(id));
  }

  /**
   * The agent with a prefix.
   *
   * @param prefix the prefix
   * @return the agent; empty if there is none
   * @throws RefusedException if the prefix is malformed; nothing was sent
   */
  public Optional<Agent> findByPrefix(String prefix) {
    return findWhere(table.AGENT_PREFIX.eq(Prefixes.require(prefix)));
  }

  /**
   * The agent that a user works as.
   *
   * @param userId the user's id
   * @return the agent; empty if the user has none
   */
  public Optional<Agent> findByUser(UUID userId) {
    return findWhere(table.USER_ID.eq(requireNonNull(userId, "userId")));
  }

  /**
   * The agents that a user may open, by prefix, and why: their own, and those that they are a
   * member of. For that user, admins and the service. Admins may open all others, too; those aren't
   * told.
   *
   * @param userId the user's id
   * @return the agents; empty if there are none
   * @throws AccessDeniedException if the actor is none of these
   */
  public List<AgentAccess> of(UUID userId) {
    return AgentMembers.agentsOf(session, base, requireNonNull(userId, "userId"));
  }

  /**
   * Who works with an agent beside its own user.
   *
   * @param prefix the agent's prefix
   * @return its members; nothing is sent yet
   * @throws RefusedException if the prefix is malformed
   */
  public AgentMembers members(String prefix) {
    return new AgentMembers(session, base, Prefixes.require(prefix));
  }

  /**
   * All agents, in the order in which they were made.
   *
   * @param page which part
   * @return the part
   * @throws InvalidDataException if the cursor is not one of this list
   */
  public Page<Agent> list(PageRequest page) {
    return new KeysetById<>(
            LIST, table.ID, Keyset::toLong, row -> AgentMapper.agent(row, table), Agent::id)
        .page(session, page);
  }

  /**
   * How large an agent's tables are. Counts every row, so the cost grows with their number. The
   * service and admins see all rows, other users those of their own agent.
   *
   * @param prefix the agent's prefix
   * @return rows and bytes of each table
   * @throws UnknownAgentException if there is no such agent
   * @throws RefusedException if the prefix is malformed; nothing was sent
   */
  public AgentSize size(String prefix) {
    return new AgentSizes(session)
        .of(new AgentIdentity(base, Prefixes.require(prefix)).tables())
        .orElseThrow(() -> new UnknownAgentException(prefix, null));
  }

  /**
   * Gives an agent to another user: {@code update_agent_details} in the specification. For the
   * service and for admins. If the number in the user's WhatsApp configuration is another agent's,
   * it stays that one's, and a line at WARN says so; so it is with {@link #create}.
   *
   * @param id the agent's id
   * @param userId the user who is to work as this agent from now on
   * @return the agent as it is now
   * @throws NotFoundException if there is no such agent
   * @throws RefusedException if the user has an agent already or doesn't exist
   */
  public Agent assign(long id, UUID userId) {
    requireNonNull(userId, "userId");
    ObjectNode changes = Json.object().put("user_id", userId.toString());
    return update(id, Json.object(), changes)
        .agentOr(refusal -> AgentRefusals.ofAssignment(refusal, id, userId));
  }

  /**
   * Changes the user who works as an agent: {@code update_agent_details} in the specification. That
   * user may change the name; e-mail and role are for the service and for admins.
   *
   * @param id the agent's id
   * @param changes what is to change about the user
   * @return the agent as it is now
   * @throws NotFoundException if there is no such agent
   * @throws RefusedException if the agent has no user, or another user has the e-mail address
   * @throws InvalidDataException if the e-mail address isn't one
   */
  public Agent updateUser(long id, UserChanges changes) {
    ObjectNode values = Json.object();
    requireNonNull(changes, "changes").name().ifPresent(name -> values.put("name", name));
    changes.email().ifPresent(email -> values.put("email", email));
    changes.role().ifPresent(role -> values.put("role", role.name().toLowerCase(Locale.ROOT)));
    return update(id, values, Json.object())
        .agentOr(refusal -> AgentRefusals.ofUpdate(refusal, id));
  }

  /**
   * Deletes an agent with its tables and all their data, and deactivates its user's WhatsApp
   * configuration: {@code delete_agent} in the specification. For the service, admins, the agent's
   * user and the user who made it.
   *
   * <p>Lock timeouts and deadlocks are retried for up to 30 seconds, with pauses of some seconds:
   * removal needs a lock on all agents for a moment, and never waits long for it, because everybody
   * else would wait behind it. While another session has read agents and doesn't end its
   * transaction, it isn't asked for at all; the exception names that session.
   *
   * @param id the agent's id
   * @return whether there was one
   */
  public boolean delete(long id) {
    return LockRetry.lockFailures(
        () ->
            session
                .dsl()
                .selectFrom(
                    DeleteAgent.DELETE_AGENT.call(id).rename(base.named(DeleteAgent.DELETE_AGENT)))
                .fetchSingle()
                .getSuccess());
  }

  private Agent tryToCreate(UUID userId, String prefix, UUID createdBy) {
    return ask("try_to_create_agent", DSL.val(userId), DSL.val(prefix), DSL.val(createdBy))
        .agentOr(refusal -> AgentRefusals.ofCreation(refusal, userId, prefix, createdBy));
  }

  private AgentAnswer update(long id, ObjectNode userChanges, ObjectNode agentChanges) {
    UUID asker = actor instanceof Actor.User user ? user.id() : null;
    return ask(
        "try_to_update_agent",
        DSL.val(id),
        DSL.val(Json.toJooq(userChanges)),
        DSL.val(Json.toJooq(agentChanges)),
        DSL.val(asker, SQLDataType.UUID));
  }

  /** What the function that the specification names is made of: it tells the reason as well. */
  private AgentAnswer ask(String function, Field<?>... arguments) {
    Table<Record> answer = DSL.table("{0}({1})", base.internal(function), DSL.list(arguments));
    return session
        .dsl()
        .select(AGENT, REASON, MESSAGE, OTHER_PREFIX)
        .from(answer)
        .fetchSingle(
            row ->
                new AgentAnswer(
                    row.get(AGENT),
                    new AgentRefusals.Refusal(
                        String.valueOf(row.get(REASON)),
                        row.get(MESSAGE),
                        Optional.ofNullable(row.get(OTHER_PREFIX)))));
  }

  private Optional<Agent> findWhere(Condition condition) {
    return session
        .dsl()
        .selectFrom(table)
        .where(condition)
        .fetchOptional(row -> AgentMapper.agent(row, table));
  }
}
