package dev.dovetable.schema.fleet;

import static java.util.Objects.requireNonNull;

import dev.dovetable.schema.internal.settings.Names;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * Several databases, each with the whole schema and agents of its own, for whoever owns them:
 * installing, migrating and examining goes through all of them at the same time.
 *
 * <pre>{@code
 * DatabaseFleet fleet = DatabaseFleet.of(Map.of("eu1", owner1, "eu2", owner2));
 * FleetReport<InstallReport> installed = fleet.run(CrmSchema.create()::install);
 * FleetReport<AgentMigrationReport> migrated = fleet.run(AgentMigrations.of(…)::run);
 * FleetReport<DoctorReport> examined = fleet.run(CrmDoctor.create()::examine);
 * DirectoryReport directory = fleet.directoryIn("eu1").enrol();
 * }</pre>
 *
 * <p>Nothing spans two databases: each is done by itself, and what failed in one is done in the
 * others. Immutable and thread-safe; holds no connection.
 */
public final class DatabaseFleet {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,60}");

  private final Map<String, DataSource> databases;
  private final String schema;

  private DatabaseFleet(Map<String, DataSource> databases, String schema) {
    this.databases = databases;
    this.schema = schema;
  }

  /**
   * A fleet whose tables are in schema {@code public}. No database is needed yet.
   *
   * @param databases the owners' connections, by the names that the databases have for good: 1 to
   *     60 letters, digits, dots, hyphens and underscores
   * @return the fleet
   * @throws IllegalArgumentException if there is none, or a name is malformed
   */
  public static DatabaseFleet of(Map<String, DataSource> databases) {
    Map<String, DataSource> copy = new LinkedHashMap<>(requireNonNull(databases, "databases"));
    if (copy.isEmpty()) {
      throw new IllegalArgumentException("a fleet has one database at least");
    }
    copy.forEach(
        (name, dataSource) -> {
          requireName(name);
          requireNonNull(dataSource, name);
        });
    return new DatabaseFleet(Collections.unmodifiableMap(copy), Names.DEFAULT_SCHEMA);
  }

  /**
   * Checks what a database of a fleet is to be called.
   *
   * @param name 1 to 60 letters, digits, dots, hyphens and underscores
   * @return the name
   * @throws IllegalArgumentException if it is none
   */
  public static String requireName(String name) {
    if (!NAME.matcher(requireNonNull(name, "name")).matches()) {
      throw new IllegalArgumentException(
          "a database's name must be 1 to 60 letters, digits, dots, hyphens and underscores");
    }
    return name;
  }

  /**
   * The same databases, whose tables are in another schema.
   *
   * @param schema a name, unquoted; the same in all of them
   * @return another fleet; this one stays as it is
   * @throws IllegalArgumentException if there can be no such schema
   */
  public DatabaseFleet schema(String schema) {
    return new DatabaseFleet(databases, Names.requireSchema(schema));
  }

  /**
   * The databases' names.
   *
   * @return the names, in the order in which they were given
   */
  public List<String> names() {
    return List.copyOf(databases.keySet());
  }

  /**
   * Does something in all databases at the same time.
   *
   * @param work what is done in one of them
   * @param <T> what comes of it
   * @return what came of each
   */
  public <T> FleetReport<T> run(Function<DataSource, T> work) {
    requireNonNull(work, "work");
    return FleetReport.of(names(), name -> work.apply(dataSource(name)));
  }

  DataSource dataSource(String name) {
    return requireNonNull(databases.get(name));
  }

  /**
   * The directory that says which agent is where.
   *
   * @param home the database that keeps it, of the fleet's own, or one that holds nothing else
   * @return the directory; nothing is sent yet
   * @throws IllegalArgumentException if there is no such database
   */
  public FleetDirectory directoryIn(String home) {
    DataSource keeper = databases.get(requireNonNull(home, "home"));
    if (keeper == null) {
      throw new IllegalArgumentException("there is no database " + home + " among " + names());
    }
    return new FleetDirectory(this, keeper, schema);
  }
}
