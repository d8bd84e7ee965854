package dev.dovetable.core;

import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.core.fleet.FleetAgents;
import dev.dovetable.core.internal.connection.Sessions;
import java.util.Optional;
import java.util.function.Function;

/**
 * The agents of several databases as one actor sees them. Immutable, thread-safe and cheap; holds
 * no connection.
 */
public final class FleetScope {
  private final FleetRoutes routes;
  private final Actor actor;

  FleetScope(FleetRoutes routes, Actor actor) {
    this.routes = routes;
    this.actor = actor;
  }

  /**
   * One agent's data, wherever it is, as {@link ActorScope#tenant}. Nothing is sent yet.
   *
   * <p>Where the agent is, the directory is asked once, and remembered. If the agent isn't there
   * any more, the statement that was refused asks the directory again, and is repeated in the
   * database that it names: one statement more, of this scope and of each other that the
   * application has. In a transaction that is its first statement, so all of the transaction is
   * done there.
   *
   * @param prefix the agent's prefix, such as {@code agt_6f78}
   * @return a scope; each statement throws {@link UnknownAgentException} if there is no such agent
   * @throws RefusedException if the prefix is malformed; nothing was sent
   */
  public TenantScope tenant(String prefix) {
    return open(routes, prefix, Optional.of(actor));
  }

  /**
   * The agents.
   *
   * @return what makes, finds and deletes them
   */
  public FleetAgents agents() {
    return new FleetAgents(
        routes.places(),
        routes.databases().keySet(),
        (database, prefix) -> routes.of(database, prefix).as(actor).agents());
  }

  /** Empty for the agent's own user. */
  static TenantScope open(FleetRoutes routes, String prefix, Optional<Actor> actor) {
    Function<Crm, Sessions> sessions =
        actor.isPresent() && !(actor.get() instanceof Actor.Service)
            ? Crm::userSessions
            : crm -> crm.serviceSessions(actor.isPresent() ? "asService()" : "asAgent(…)");
    return TenantScope.open(
        routes.about(prefix, sessions),
        () -> sessions.apply(routes.of(routes.places().databaseOf(prefix), prefix)).wakes(),
        prefix,
        actor);
  }

  /** Names who acts. */
  @Override
  public String toString() {
    return "FleetScope[actor=" + actor + "]";
  }
}
