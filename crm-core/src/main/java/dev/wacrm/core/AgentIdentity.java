package dev.wacrm.core;

import dev.wacrm.schema.CrmException;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Which agent has a prefix: looked up once, when it is first needed. Thread-safe. */
final class AgentIdentity implements StatementListener.Subject {
  private final Session session;
  private final BaseTables base;
  private final String prefix;

  /** Two threads may both look it up; they find the same. */
  private volatile @Nullable Agent found;

  AgentIdentity(Session session, BaseTables base, String prefix) {
    this.session = session;
    this.base = base;
    this.prefix = prefix;
  }

  String prefix() {
    return prefix;
  }

  String schema() {
    return base.schema();
  }

  Agent agent() {
    Agent known = found;
    if (known == null) {
      known = find(session.dsl()).orElseThrow(() -> UnknownAgentException.neverSeen(prefix));
      found = known;
    }
    return known;
  }

  Actor ownUser() {
    UUID user =
        agent()
            .userId()
            .orElseThrow(
                () ->
                    new RefusedException(
                        RefusedException.Reason.AGENT_WITHOUT_USER,
                        "The agent " + prefix + " has no user to act as: the user was deleted.",
                        "Open it as the service, crm.asService().tenant(…), or give it a user by"
                            + " crm.agents().assign(…)."));
    return Actor.user(user);
  }

  private Optional<Agent> find(DSLContext dsl) {
    return dsl.selectFrom(base.agents())
        .where(base.agents().AGENT_PREFIX.eq(prefix))
        .fetchOptional(row -> Rows.agent(row, base.agents()));
  }

  @Override
  public String name() {
    return "agent " + prefix;
  }

  /** The actor of the failed statement may read agents too, unless it is nobody. */
  @Override
  public CrmException explain(DatabaseException missing, ActingConnection connection) {
    Agent known = found;
    Optional<Agent> now = find(DSL.using(connection, SQLDialect.POSTGRES));
    boolean same = known != null && now.isPresent() && now.get().id() == known.id();
    return same ? missing : UnknownAgentException.deleted(prefix, missing);
  }
}
