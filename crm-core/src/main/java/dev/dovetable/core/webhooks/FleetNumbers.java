package dev.dovetable.core.webhooks;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.webhooks.WebhookRoutes.Route;
import dev.dovetable.schema.errors.CrmException;
import dev.dovetable.schema.fleet.FleetReport;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** In which database the agents of business numbers are. Thread-safe. */
final class FleetNumbers {
  private static final int CAPACITY = 100_000;

  private final Map<String, List<Webhooks>> databases;
  private final FleetWebhooks.Pool pool;

  /** Where agents' numbers were found. */
  private final Map<String, Place> known = new ConcurrentHashMap<>();

  FleetNumbers(Map<String, List<Webhooks>> databases, FleetWebhooks.Pool pool) {
    this.databases = databases;
    this.pool = pool;
  }

  /** A database, on one of its pools. */
  record Place(String database, Webhooks webhooks) {}

  /**
   * What databases say.
   *
   * @param places by number, of those that somebody has
   * @param missing why a database couldn't be asked, which may have the others
   */
  record Located(Map<String, Place> places, Optional<CrmException> missing) {}

  Map<String, Place> remembered(Collection<String> numbers) {
    Map<String, Place> places = new HashMap<>();
    for (String number : numbers) {
      Place place = known.get(number);
      if (place != null) {
        places.put(number, place);
      }
    }
    return places;
  }

  void forget(Collection<String> numbers) {
    numbers.forEach(known::remove);
  }

  /** Asks all databases at the same time. */
  Located locate(Collection<String> numbers) {
    if (numbers.isEmpty()) {
      return new Located(Map.of(), Optional.empty());
    }
    FleetReport<Map<String, Route>> found =
        FleetReport.of(databases.keySet(), name -> webhooks(name).get(0).intake().find(numbers));
    Map<String, Place> agents = new HashMap<>();
    Map<String, Place> places = new HashMap<>();
    found
        .done()
        .forEach(
            (name, routes) ->
                routes.forEach(
                    (number, route) -> {
                      if (route instanceof Route.ToAgent to) {
                        agents.putIfAbsent(number, place(name, to.prefix()));
                      } else {
                        places.putIfAbsent(number, new Place(name, webhooks(name).get(0)));
                      }
                    }));
    // Whoever can take it goes before who has it and can't.
    places.putAll(agents);
    if (known.size() > CAPACITY) {
      known.clear();
    }
    known.putAll(agents);
    return new Located(
        places,
        found.failed().entrySet().stream()
            .findFirst()
            .map(first -> in(first.getKey(), first.getValue())));
  }

  private Place place(String database, String prefix) {
    List<Webhooks> pools = webhooks(database);
    return new Place(database, pools.get(pool.of(prefix, pools.size())));
  }

  private List<Webhooks> webhooks(String database) {
    return requireNonNull(databases.get(database));
  }

  /** The same failure with the database's name. */
  static CrmException in(String database, CrmException failure) {
    return failure instanceof DatabaseException e
        ? new DatabaseException(
            e.kind(),
            e.sqlState().orElse(null),
            "Database " + database + ": " + e.problem(),
            e.remedy(),
            e.getCause())
        : failure;
  }
}
