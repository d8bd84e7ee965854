package dev.dovetable.core;

import static java.util.Objects.requireNonNull;

import dev.dovetable.schema.fleet.DatabaseFleet;
import java.util.List;
import javax.sql.DataSource;

/**
 * One of the databases of a {@link CrmFleet}, and the pools that lead to it. Immutable and
 * thread-safe.
 *
 * <p>With several pools, each agent is bound to one of them, by a hash of its prefix: a backend of
 * the server meets a share of the agents only, and remembers the tables of no others. What is about
 * no agent goes to the first one.
 *
 * @param name for good: it stands in the directory. 1 to 60 letters, digits, dots, hyphens and
 *     underscores
 * @param pools give connections on which no transaction is open; one at least
 * @param servicePools the same for all that isn't done as a signed-in user, as in {@link
 *     CrmBuilder#serviceDataSource}; as many as pools, or none
 */
public record FleetDatabase(String name, List<DataSource> pools, List<DataSource> servicePools) {

  /**
   * Checks the name, and that there are pools.
   *
   * @param name for good
   * @param pools give connections
   * @param servicePools give connections for the service
   * @throws IllegalArgumentException if the name is malformed, there is no pool, or there are
   *     neither as many for the service nor none
   */
  public FleetDatabase {
    DatabaseFleet.requireName(name);
    pools = List.copyOf(requireNonNull(pools, "pools"));
    servicePools = List.copyOf(requireNonNull(servicePools, "servicePools"));
    if (pools.isEmpty()) {
      throw new IllegalArgumentException("database " + name + " has no pool");
    }
    if (!servicePools.isEmpty() && servicePools.size() != pools.size()) {
      throw new IllegalArgumentException(
          "database " + name + " must have as many pools for the service as for users, or none");
    }
  }

  /**
   * A database.
   *
   * @param name for good
   * @param pools one, or several to which the agents are bound
   * @return the database
   * @throws IllegalArgumentException if the name is malformed, or there is no pool
   */
  public static FleetDatabase of(String name, DataSource... pools) {
    return new FleetDatabase(name, List.of(pools), List.of());
  }

  /**
   * The same with pools of their own for all that isn't done as a signed-in user.
   *
   * @param service as many as there are pools
   * @return another record; this one stays as it is
   * @throws IllegalArgumentException if it is another number
   */
  public FleetDatabase withService(DataSource... service) {
    return new FleetDatabase(name, pools, List.of(service));
  }
}
