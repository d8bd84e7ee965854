package dev.dovetable.core.agents;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.BaseTables;
import dev.dovetable.core.jooq.tables.Agents;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.Record;
import org.jooq.SelectField;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/**
 * The members of one agent: colleagues of its user, who read and write all of its customers,
 * messages, orders and rows of extensions. Members, numbers, the WhatsApp configuration and the
 * agent itself stay its user's and admins' matter. Each method is one round trip.
 *
 * <p>Who is removed reads nothing from the next statement on, in transactions that are READ
 * COMMITTED; a deleted user is no member, and a deleted agent has none. Immutable and thread-safe.
 */
public final class AgentMembers {
  private static final Name ANSWER = DSL.name("answer");
  private static final Field<UUID> USER_ID = field("user_id", SQLDataType.UUID);
  private static final Field<String> NAME = field("name", SQLDataType.VARCHAR);
  private static final Field<String> EMAIL = field("email", SQLDataType.VARCHAR);
  private static final Field<UUID> ADDED_BY = field("added_by", SQLDataType.UUID);
  private static final Field<Instant> ADDED_AT = field("added_at", SQLDataType.INSTANT);
  private static final Field<Boolean> SUCCESS = field("success", SQLDataType.BOOLEAN);
  private static final Field<Long> AGENT_ID = field("agent_id", SQLDataType.BIGINT);
  private static final Field<String> PREFIX = field("agent_prefix", SQLDataType.VARCHAR);
  private static final Field<String> ACCESS = field("access", SQLDataType.VARCHAR);
  private static final Field<String> REASON = field("reason", SQLDataType.VARCHAR);

  private final Session session;
  private final BaseTables base;
  private final String prefix;

  AgentMembers(Session session, BaseTables base, String prefix) {
    this.session = session;
    this.base = base;
    this.prefix = prefix;
  }

  static List<AgentAccess> agentsOf(Session session, BaseTables base, UUID userId) {
    return session
        .dsl()
        .select(AGENT_ID, PREFIX, ACCESS)
        .from(DSL.table("{0}({1})", base.table("get_user_agents"), DSL.val(userId)).as(ANSWER))
        .fetch(
            row ->
                new AgentAccess(
                    row.get(AGENT_ID),
                    row.get(PREFIX),
                    AgentAccess.As.valueOf(row.get(ACCESS).toUpperCase(Locale.ROOT))));
  }

  /**
   * All members, in the order in which they were added; the agent's own user isn't one. For that
   * user, the members, admins and the service.
   *
   * @return the members
   * @throws UnknownAgentException if there is no such agent
   * @throws AccessDeniedException if the actor is none of these
   */
  public List<AgentMember> list() {
    Agents agents = base.agents();
    List<Record> rows =
        session
            .dsl()
            .select(List.<SelectField<?>>of(USER_ID, NAME, EMAIL, ADDED_BY, ADDED_AT))
            .from(agents)
            .leftJoin(lateral(base.table("get_agent_members"), agents.ID))
            .on(DSL.trueCondition())
            .where(agents.AGENT_PREFIX.eq(prefix))
            .orderBy(ADDED_AT, USER_ID)
            .fetch(row -> row);
    if (rows.isEmpty()) {
      throw new UnknownAgentException(prefix, null);
    }
    return rows.stream()
        .filter(row -> row.get(USER_ID) != null)
        .map(
            row ->
                new AgentMember(
                    row.get(USER_ID),
                    row.get(NAME),
                    row.get(EMAIL),
                    Optional.ofNullable(row.get(ADDED_BY)),
                    row.get(ADDED_AT)))
        .toList();
  }

  /**
   * Has a user work with the agent. For the agent's own user, admins and the service.
   *
   * @param userId the user
   * @return whether they were no member before; false as well for the agent's own user
   * @throws UnknownAgentException if there is no such agent
   * @throws RefusedException if there is no such user
   * @throws AccessDeniedException if the actor is none of these
   */
  public boolean add(UUID userId) {
    Record answer = call(base.internal("try_to_add_member"), userId, SUCCESS, REASON);
    String reason = answer.get(REASON);
    if ("unknown_user".equals(reason)) {
      throw AgentRefusals.unknown(userId);
    }
    return reason == null;
  }

  /**
   * Ends a membership. For the member, the agent's own user, admins and the service.
   *
   * @param userId the user
   * @return whether they were a member
   * @throws UnknownAgentException if there is no such agent
   * @throws AccessDeniedException if the actor is none of these
   */
  public boolean remove(UUID userId) {
    return call(base.table("remove_agent_member"), userId, SUCCESS).get(SUCCESS);
  }

  private Record call(Name function, UUID userId, SelectField<?>... fields) {
    Agents agents = base.agents();
    return session
        .dsl()
        .select(fields)
        .from(agents)
        .crossJoin(lateral(function, agents.ID, DSL.val(requireNonNull(userId, "userId"))))
        .where(agents.AGENT_PREFIX.eq(prefix))
        .fetchOptional()
        .orElseThrow(() -> new UnknownAgentException(prefix, null));
  }

  private static Table<?> lateral(Name function, Field<?>... arguments) {
    return DSL.lateral(DSL.table("{0}({1})", function, DSL.list(arguments)).as(ANSWER));
  }

  private static <T> Field<T> field(String name, DataType<T> type) {
    return DSL.field(ANSWER.append(name), type);
  }
}
