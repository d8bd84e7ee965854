package dev.dovetable.core;

import java.util.Map;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.QueryPart;
import org.jooq.impl.DSL;

/**
 * The agent that statements are about, known by its prefix only: what else there is to know is
 * looked up by each statement itself, so nothing here goes stale. Immutable and thread-safe.
 */
record AgentIdentity(BaseTables base, String prefix)
    implements StatementListener.Subject, SqlTemplate.TableNames {
  private static final SqlTemplate ENTER = SqlTemplate.ofFile("enter.sql");

  String schema() {
    return base.schema();
  }

  @Override
  public Name table(String template) {
    return DSL.name(schema(), template.replace("{prefix}", prefix));
  }

  /** {@code agents.id}, as a part of a statement. */
  Field<Long> id() {
    return DSL.field(
        DSL.select(base.agents().ID)
            .from(base.agents())
            .where(base.agents().AGENT_PREFIX.eq(prefix)));
  }

  /** {@code agents.id}. One round trip. */
  long fetchId(Session session) {
    return Optional.ofNullable(session.dsl().select(id()).fetchSingle().value1())
        .orElseThrow(() -> new UnknownAgentException(prefix, null));
  }

  /**
   * Refuses an agent that doesn't exist, with {@link SqlStates#UNKNOWN_AGENT}.
   *
   * @param asOwnUser whether the rest of the transaction is to act as the agent's own user
   */
  QueryPart enter(boolean asOwnUser) {
    return ENTER.filled(
        this,
        Map.of(
            "enter_agent",
            base.internal("enter_agent"),
            "prefix",
            DSL.inline(prefix),
            "as_own_user",
            DSL.inline(asOwnUser)));
  }

  @Override
  public String name() {
    return "agent " + prefix;
  }
}
