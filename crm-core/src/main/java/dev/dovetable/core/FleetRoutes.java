package dev.dovetable.core;

import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.fleet.AgentPlaces;
import dev.dovetable.core.internal.connection.AgentRoute;
import dev.dovetable.core.internal.connection.ConnectionSource;
import dev.dovetable.core.internal.connection.Sessions;
import dev.dovetable.schema.errors.CrmException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Leads from an agent's prefix to its database, and to its pool there. Thread-safe. */
final class FleetRoutes {
  private final Map<String, List<Crm>> databases;
  private final AgentPlaces places;

  /**
   * Among these.
   *
   * @param databases by name, one CRM for each pool
   */
  FleetRoutes(Map<String, List<Crm>> databases, AgentPlaces places) {
    this.databases = Collections.unmodifiableMap(new LinkedHashMap<>(databases));
    this.places = places;
  }

  Map<String, List<Crm>> databases() {
    return databases;
  }

  AgentPlaces places() {
    return places;
  }

  /** The CRM of the first pool of a database. */
  Crm first(String database) {
    return all(database).get(0);
  }

  /** The CRM of the pool that the agent is bound to, if it is in that database. */
  Crm of(String database, String prefix) {
    List<Crm> all = all(database);
    return all.get(pool(prefix, all.size()));
  }

  /** The same wherever it is computed, now and later. */
  static int pool(String prefix, int pools) {
    return Math.floorMod(prefix.hashCode() * 0x9E3779B9 >>> 8, pools);
  }

  private List<Crm> all(String database) {
    List<Crm> all = databases.get(database);
    if (all == null) {
      throw new RefusedException(
          RefusedException.Reason.UNKNOWN_DATABASE,
          "The fleet has no database " + database + ".",
          "It has " + databases.keySet() + ": add it, CrmFleet.builder().database(…).");
    }
    return all;
  }

  /**
   * On which connections statements about an agent run.
   *
   * @param sessions those of users, or of the service
   */
  Sessions about(String prefix, Function<Crm, Sessions> sessions) {
    Crm any = databases.values().iterator().next().get(0);
    return sessions.apply(any).on(new AgentRoute.Anywhere(new Route(prefix, sessions)));
  }

  /** That of one agent. */
  private final class Route implements AgentRoute {
    private final String prefix;
    private final Function<Crm, Sessions> sessions;

    Route(String prefix, Function<Crm, Sessions> sessions) {
      this.prefix = prefix;
      this.sessions = sessions;
    }

    @Override
    public Place here() {
      return place(places.databaseOf(prefix));
    }

    @Override
    public Optional<Place> insteadOf(Place refused) {
      return places.ask(prefix).filter(name -> !name.equals(refused.database())).map(this::place);
    }

    private Place place(String database) {
      ConnectionSource source = sessions.apply(of(database, prefix)).source();
      return new Place(database, source);
    }

    @Override
    public CrmException located(Place place, CrmException failure) {
      return failure instanceof DatabaseException e && isOfDatabase(e.kind())
          ? new DatabaseException(
              e.kind(),
              e.sqlState().orElse(null),
              "Database " + place.database() + ", where agent " + prefix + " is: " + e.problem(),
              e.remedy() + " Agents of other databases go on.",
              e.getCause())
          : failure;
    }
  }

  private static boolean isOfDatabase(DatabaseException.Kind kind) {
    return switch (kind) {
      case UNREACHABLE, NO_CONNECTION, LOGIN_REFUSED, NOT_INSTALLED -> true;
      default -> false;
    };
  }
}
