package dev.dovetable.core;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.fleet.AgentDirectory;
import dev.dovetable.core.fleet.AgentPlaces;
import dev.dovetable.core.fleet.TableDirectory;
import dev.dovetable.core.internal.connection.Sessions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** Settings of a {@link CrmFleet}. Not thread-safe; {@link #build()} can be called many times. */
public final class CrmFleetBuilder {
  private final Map<String, FleetDatabase> databases = new LinkedHashMap<>();
  private Consumer<CrmBuilder> settings = builder -> {};
  private Optional<AgentDirectory> directory = Optional.empty();
  private Optional<String> home = Optional.empty();

  CrmFleetBuilder() {}

  /**
   * Adds a database.
   *
   * @param database its name and its pools
   * @return this builder
   * @throws IllegalArgumentException if there is one with that name
   */
  public CrmFleetBuilder database(FleetDatabase database) {
    if (databases.putIfAbsent(database.name(), database) != null) {
      throw new IllegalArgumentException("there are two databases " + database.name());
    }
    return this;
  }

  /**
   * What is set for each database: schema, timeouts, secrets of webhooks and so on, the same for
   * all.
   *
   * @param settings gets the builder of each pool's {@link Crm}
   * @return this builder
   */
  public CrmFleetBuilder each(Consumer<CrmBuilder> settings) {
    this.settings = requireNonNull(settings, "settings");
    return this;
  }

  /**
   * The database that keeps the directory, and what leads to no agent of any database; default: the
   * first one.
   *
   * @param name of one of the databases
   * @return this builder
   */
  public CrmFleetBuilder home(String name) {
    this.home = Optional.of(requireNonNull(name, "name"));
    return this;
  }

  /**
   * The host's own directory; default: a table in the {@link #home} database.
   *
   * @param directory knows where agents are
   * @return this builder
   */
  public CrmFleetBuilder directory(AgentDirectory directory) {
    this.directory = Optional.of(requireNonNull(directory, "directory"));
    return this;
  }

  /**
   * Makes the fleet. No database is needed yet.
   *
   * @return the fleet
   * @throws IllegalArgumentException if there is no database, or no such home, or a setting is out
   *     of its bounds
   * @throws RefusedException if the directory is a table, which the service alone reads, and there
   *     is no service
   */
  public CrmFleet build() {
    if (databases.isEmpty()) {
      throw new IllegalArgumentException("a fleet has one database at least");
    }
    String keeper = home.orElseGet(() -> databases.keySet().iterator().next());
    if (!databases.containsKey(keeper)) {
      throw new IllegalArgumentException("there is no database " + keeper + " to be the home");
    }
    Map<String, List<Crm>> crms = new LinkedHashMap<>();
    databases.forEach((name, database) -> crms.put(name, crms(database)));
    List<Crm> keepers = requireNonNull(crms.get(keeper));
    AgentPlaces places = new AgentPlaces(directory.orElseGet(() -> table(keepers.get(0))));
    return new CrmFleet(new FleetRoutes(crms, places), keeper);
  }

  private List<Crm> crms(FleetDatabase database) {
    List<Crm> crms = new ArrayList<>();
    for (int i = 0; i < database.pools().size(); i++) {
      CrmBuilder builder = Crm.builder(database.pools().get(i));
      settings.accept(builder);
      List<DataSource> service = database.servicePools();
      if (!service.isEmpty()) {
        builder.serviceDataSource(service.get(i));
      }
      crms.add(builder.build());
    }
    return List.copyOf(crms);
  }

  private static AgentDirectory table(Crm home) {
    Sessions sessions = home.serviceSessions("a directory in a table");
    return new TableDirectory(sessions.open(sessions.prelude(Actor.service())), sessions.base());
  }
}
