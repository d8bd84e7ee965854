package dev.dovetable.core;

import dev.dovetable.core.agents.AgentRepository;
import dev.dovetable.core.changes.ChangeFeed;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.connection.Sessions;
import dev.dovetable.core.users.UserRepository;
import dev.dovetable.core.whatsapp.WhatsAppConfigRepository;
import java.util.Optional;

/**
 * The CRM as one actor sees it: users, agents, configurations, and each agent's data. {@link
 * Crm#as} and {@link Crm#asService} give it; everything in it runs as that actor, and what the
 * actor may not do is refused by the database.
 *
 * <p>Immutable, thread-safe and cheap; holds no connection. One from the CRM that {@link
 * Crm#transaction} hands in belongs to that transaction's thread.
 */
public final class ActorScope {
  private final Sessions sessions;
  private final Actor actor;

  ActorScope(Sessions sessions, Actor actor) {
    this.sessions = sessions;
    this.actor = actor;
  }

  /**
   * The users.
   *
   * @return a repository
   */
  public UserRepository users() {
    return new UserRepository(session(), sessions.base());
  }

  /**
   * The agents.
   *
   * @return a repository
   */
  public AgentRepository agents() {
    return new AgentRepository(session(), sessions.base(), actor);
  }

  /**
   * The WhatsApp configurations.
   *
   * @return a repository
   */
  public WhatsAppConfigRepository whatsapp() {
    return new WhatsAppConfigRepository(session(), sessions.base());
  }

  /**
   * What is written to all agents' tables, which only the service may read: {@link
   * Crm#asService()}. One agent's, its users read by {@link TenantScope#changes()}.
   *
   * @return the feed
   */
  public ChangeFeed changes() {
    return new ChangeFeed(session(), sessions.base(), Optional.empty(), sessions.wakes());
  }

  /**
   * One agent's data, as far as the actor may see them: a user finds nothing in the scope of
   * somebody else's agent, so the prefix may come out of a request.
   *
   * <p>No database is needed yet: each statement of the scope looks the agent up in its own round
   * trip, and throws {@link UnknownAgentException} if there is none.
   *
   * @param prefix the agent's prefix, such as {@code agt_6f78}
   * @return a scope; it holds nothing, so it can be kept or made anew
   * @throws RefusedException if the prefix is malformed; nothing was sent
   */
  public TenantScope tenant(String prefix) {
    return TenantScope.open(sessions, prefix, Optional.of(actor));
  }

  private Session session() {
    return sessions.open(sessions.prelude(actor));
  }

  /** Names the schema and who acts, never the login. */
  @Override
  public String toString() {
    return "ActorScope[schema=" + sessions.base().schema() + ", actor=" + actor + "]";
  }
}
