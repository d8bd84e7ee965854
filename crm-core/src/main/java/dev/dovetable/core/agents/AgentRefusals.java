package dev.dovetable.core.agents;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.common.RefusedException.Reason;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.BaseTables;
import dev.dovetable.core.jooq.tables.Agents;
import dev.dovetable.core.users.UserChanges;
import dev.dovetable.schema.errors.CrmException;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;

/**
 * Finds out why a function refused to make or change an agent, by looking: its message is for
 * people. The locks under which it refused are gone by then; what has changed since ends in each
 * method's last case, with the function's own words, which hold no data.
 */
final class AgentRefusals {
  private final Session session;
  private final BaseTables base;
  private final Agents agents;

  AgentRefusals(Session session, BaseTables base) {
    this.session = session;
    this.base = base;
    this.agents = base.agents();
  }

  CrmException ofCreation(UUID userId, String prefix, UUID createdBy, String message) {
    return find(agents.AGENT_PREFIX.eq(prefix))
        .<CrmException>map(
            taken ->
                new RefusedException(
                    Reason.PREFIX_TAKEN,
                    "The prefix " + prefix + " belongs to another agent.",
                    "Choose another prefix, or use that agent: crm.tenant(\"" + prefix + "\")."))
        .or(() -> ofUser(userId))
        .or(() -> unknown(createdBy))
        .orElseGet(
            () ->
                new RefusedException(
                    Reason.NAMES_TAKEN,
                    "The agent " + prefix + " was refused: " + message + ".",
                    "Choose another prefix, or rename what holds these names."));
  }

  CrmException ofAssignment(long agentId, UUID userId, String message) {
    return find(agents.ID.eq(agentId))
        .map(agent -> ofUser(userId).orElseGet(() -> unforeseen(message)))
        .orElseGet(() -> notFound(agentId));
  }

  CrmException ofUpdate(long agentId, UserChanges changes, String message) {
    Optional<Agent> agent = find(agents.ID.eq(agentId));
    if (agent.isEmpty()) {
      return notFound(agentId);
    }
    Optional<UUID> user = agent.get().userId();
    if (user.isEmpty()) {
      return new RefusedException(
          Reason.AGENT_WITHOUT_USER,
          "The agent " + agent.get().prefix() + " has no user.",
          "Give it one first: crm.agents().assign(…).");
    }
    return changes
        .email()
        .filter(email -> belongsToAnother(email, user.get()))
        .<CrmException>map(
            email ->
                new RefusedException(
                    Reason.EMAIL_TAKEN,
                    "Another user has the e-mail address.",
                    "Pass another address."))
        .orElseGet(() -> unforeseen(message));
  }

  private Optional<CrmException> ofUser(UUID userId) {
    return unknown(userId)
        .or(
            () ->
                find(agents.USER_ID.eq(userId))
                    .map(
                        agent ->
                            new RefusedException(
                                Reason.USER_HAS_AGENT,
                                "The user " + userId + " already has agent " + agent.prefix() + ".",
                                "A user has at most one agent: delete that one, or pass another"
                                    + " user.")));
  }

  private Optional<CrmException> unknown(UUID userId) {
    return session.dsl().fetchExists(base.users(), base.users().ID.eq(userId))
        ? Optional.empty()
        : Optional.of(
            new RefusedException(
                Reason.UNKNOWN_USER,
                "There is no user " + userId + ".",
                "Make the user first: crm.users().create(…)."));
  }

  private boolean belongsToAnother(String email, UUID userId) {
    return session
        .dsl()
        .fetchExists(base.users(), base.users().EMAIL.eq(email), base.users().ID.ne(userId));
  }

  private Optional<Agent> find(Condition condition) {
    return session
        .dsl()
        .selectFrom(agents)
        .where(condition)
        .fetchOptional(row -> AgentMapper.agent(row, agents));
  }

  private static CrmException notFound(long agentId) {
    return new NotFoundException("agent with id " + agentId);
  }

  private static CrmException unforeseen(String message) {
    return new InvalidDataException(
        InvalidDataException.Kind.CHECK_VIOLATED,
        "The change was refused: " + message + ".",
        "Change the value, or act as an admin or the service.");
  }
}
