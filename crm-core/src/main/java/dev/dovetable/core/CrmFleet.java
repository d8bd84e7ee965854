package dev.dovetable.core;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.fleet.AgentDirectory;
import dev.dovetable.core.webhooks.FleetWebhooks;
import dev.dovetable.core.webhooks.Webhooks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The entry point for agents in several databases: each database has the whole schema, with agents
 * of its own, and a directory says which agent is where.
 *
 * <pre>{@code
 * CrmFleet fleet =
 *     CrmFleet.builder()
 *         .database(FleetDatabase.of("eu1", eu1))
 *         .database(FleetDatabase.of("eu2", eu2))
 *         .each(crm -> crm.webhookSecrets(appSecret))
 *         .build();
 * TenantScope shop = fleet.as(Actor.user(signedIn)).tenant("agt_6f78");
 * }</pre>
 *
 * <p>Nothing spans two databases: no transaction, no query, no reference. Users are rows of each
 * database where they have an agent, or make one, under the same id; what changes about them is
 * changed in each, by {@link #database}. Whoever signs up is made where their agent is made;
 * colleagues of an agent are rows of its database; an admin is one in the databases that say so.
 *
 * <p>If a database is down, its agents fail with a {@link DatabaseException} that names it, as soon
 * as its own pool gives up; nothing of the other databases waits for it. If it is the one with the
 * directory, agents that this fleet has met go on, and others can't be found.
 *
 * <p>Installing, migrating and examining is the owner's: {@link
 * dev.dovetable.schema.fleet.DatabaseFleet}. Databases are listed there and here in any order,
 * under the same names. Immutable and thread-safe; holds no connection, and remembers where agents
 * are.
 */
public final class CrmFleet {
  private final FleetRoutes routes;
  private final String home;
  private final Optional<FleetWebhooks> webhooks;

  CrmFleet(FleetRoutes routes, String home) {
    this.routes = routes;
    this.home = home;
    this.webhooks =
        routes.first(home).hasService() ? Optional.of(webhooks(routes, home)) : Optional.empty();
  }

  private static FleetWebhooks webhooks(FleetRoutes routes, String home) {
    Map<String, List<Webhooks>> all = new LinkedHashMap<>();
    routes
        .databases()
        .forEach((name, crms) -> all.put(name, crms.stream().map(Crm::webhooks).toList()));
    return new FleetWebhooks(all, home, FleetRoutes::pool);
  }

  /**
   * For a fleet.
   *
   * @return a builder without databases
   */
  public static CrmFleetBuilder builder() {
    return new CrmFleetBuilder();
  }

  /**
   * The agents as one actor sees them: for requests, as {@link Crm#as(Actor)}.
   *
   * @param actor who acts
   * @return everything that the actor may reach
   * @throws RefusedException if the actor is the service, as {@link #asService()}
   */
  public FleetScope as(Actor actor) {
    if (requireNonNull(actor, "actor") instanceof Actor.Service) {
      routes.first(home).serviceSessions("asService()");
    }
    return new FleetScope(routes, actor);
  }

  /**
   * The agents for back-office work, past row level security, as {@link Crm#asService()}.
   *
   * @return everything there is
   * @throws RefusedException if the databases are {@linkplain CrmBuilder#withoutService() without}
   *     the service; nothing was sent
   */
  public FleetScope asService() {
    return as(Actor.service());
  }

  /**
   * One agent's data, seen as the agent's own user, as {@link Crm#asAgent}: found as by {@link
   * FleetScope#tenant}.
   *
   * @param prefix the agent's prefix
   * @return a scope
   * @throws RefusedException if the prefix is malformed, or the databases are {@linkplain
   *     CrmBuilder#withoutService() without} the service; nothing was sent
   */
  public TenantScope asAgent(String prefix) {
    return FleetScope.open(routes, prefix, Optional.empty());
  }

  /**
   * What WhatsApp sends, for numbers of all databases.
   *
   * @return the webhooks
   * @throws RefusedException if the databases are {@linkplain CrmBuilder#withoutService() without}
   *     the service; nothing was sent
   */
  public FleetWebhooks webhooks() {
    return webhooks.orElseGet(() -> webhooks(routes, home));
  }

  /**
   * One of the databases, for what is about no agent, or about all that are there: users,
   * configurations, lists of agents, changes.
   *
   * @param name the database's name
   * @return its CRM, on its first pool
   * @throws RefusedException if there is none ({@link RefusedException.Reason#UNKNOWN_DATABASE})
   */
  public Crm database(String name) {
    return routes.first(requireNonNull(name, "name"));
  }

  /**
   * The databases' names.
   *
   * @return the names, in the order in which they were given
   */
  public List<String> databases() {
    return new ArrayList<>(routes.databases().keySet());
  }

  /**
   * The directory, for backends: it knows all agents.
   *
   * @return the host's, or that in the table
   */
  public AgentDirectory directory() {
    return routes.places().directory();
  }

  /** Names the databases. */
  @Override
  public String toString() {
    return "CrmFleet" + databases();
  }
}
