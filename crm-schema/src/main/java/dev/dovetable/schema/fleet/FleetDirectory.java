package dev.dovetable.schema.fleet;

import dev.dovetable.schema.errors.CrmException;
import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.fleet.FleetState.Place;
import dev.dovetable.schema.internal.agents.TrialAgent;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Connections;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.jdbc.Transaction;
import dev.dovetable.schema.internal.settings.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * The directory of a fleet, for its owner: a table in one of the databases. Each database that is
 * enrolled has a part of the ids of agents, a thousand million of them, so that no two give the
 * same one; agents that were made before, or past {@code CrmFleet}, are listed.
 *
 * <p>Takes no locks that anybody waits for but those who enrol. Immutable and thread-safe.
 */
public final class FleetDirectory {
  static final long IDS = 1_000_000_000L;

  private static final String DOING = "look at the directory of the fleet";

  private final DatabaseFleet fleet;
  private final DataSource home;
  private final Target target;

  FleetDirectory(DatabaseFleet fleet, DataSource home, String schema) {
    this.fleet = fleet;
    this.home = home;
    this.target = Target.of(schema);
  }

  /**
   * Looks whether directory and databases agree, and changes nothing. Reads the prefixes and ids of
   * all agents, and all business numbers: some round trips to each database.
   *
   * @return what is wrong
   * @throws SchemaException if the database with the directory can't be asked
   */
  public DirectoryReport check() {
    FleetReport<FleetState> states = fleet.run(this::state);
    // After the agents: what is made meanwhile is listed later than it was looked for.
    List<Place> places = in(home, this::places);
    Map<String, Long> numbers = in(home, this::numbers);
    return new DirectoryReport(
        Findings.of(states.done(), places, numbers, states.failed().keySet()), states.failed());
  }

  /**
   * Has the directory agree with the databases: gives each of them its part of the ids, lists
   * agents that it doesn't know, corrects where they are, and releases what was reserved some
   * minutes ago and isn't there. To be run after installing, and whenever {@link #check()} finds
   * something. What is right stays as it is, so it can be run at any time.
   *
   * @return what was wrong before; what isn't {@linkplain DirectoryFinding.Code#isMendable
   *     mendable} still is
   * @throws SchemaException if the database with the directory can't be asked
   */
  public DirectoryReport enrol() {
    DirectoryReport before = check();
    Map<String, Long> numbers = in(home, this::give);
    FleetReport<Boolean> ranges =
        FleetReport.of(
            fleet.names(), name -> setRange(fleet.dataSource(name), number(numbers, name)));
    FleetReport<FleetState> states = fleet.run(this::state);
    in(home, connection -> correct(connection, states.done()));
    Map<String, CrmException> failed = new TreeMap<>(before.failed());
    failed.putAll(ranges.failed());
    failed.putAll(states.failed());
    return new DirectoryReport(before.findings(), failed);
  }

  private static long number(Map<String, Long> numbers, String name) {
    return Optional.ofNullable(numbers.get(name)).orElseThrow();
  }

  private interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  private <T> T in(DataSource database, Work<T> work) {
    return Connections.with(
        database,
        DOING,
        connection -> {
          try (Transaction transaction =
              Transaction.begin(connection, target.privateSchema(), false)) {
            TrialAgent.usePath(connection, target);
            T result = work.run(transaction.connection());
            transaction.complete();
            return result;
          }
        });
  }

  private FleetState state(DataSource database) {
    return in(
        database,
        connection ->
            new FleetState(
                Jdbc.query(
                    connection,
                    read("agents"),
                    row -> new FleetState.Agent(row.getLong("id"), row.getString("prefix"))),
                Jdbc.querySingle(connection, read("next_id"), row -> row.getLong("next_id")),
                Jdbc.query(
                    connection,
                    read("numbers"),
                    row ->
                        new FleetState.Number(row.getString("number"), row.getString("prefix")))));
  }

  private List<Place> places(Connection connection) throws SQLException {
    return Jdbc.query(
        connection,
        read("places"),
        row ->
            new Place(
                row.getString("prefix"),
                row.getString("database_name"),
                row.getString("token"),
                row.getBoolean("is_made"),
                row.getBoolean("is_old")));
  }

  private Map<String, Long> numbers(Connection connection) throws SQLException {
    Map<String, Long> numbers = new TreeMap<>();
    Jdbc.query(
        connection,
        read("databases"),
        row -> numbers.put(row.getString("database_name"), row.getLong("number")));
    return numbers;
  }

  private Map<String, Long> give(Connection connection) throws SQLException {
    Jdbc.run(connection, read("lock"));
    for (String name : fleet.names()) {
      Jdbc.run(connection, read("enrol"), name);
    }
    return numbers(connection);
  }

  private boolean setRange(DataSource database, long number) {
    return in(
        database,
        connection -> {
          String first = Long.toString(number * IDS + 1);
          String end = Long.toString((number + 1) * IDS + 1);
          return !Jdbc.query(
                  connection, read("set_range"), row -> true, first, first, end, first, end)
              .isEmpty();
        });
  }

  private boolean correct(Connection connection, Map<String, FleetState> states)
      throws SQLException {
    for (Correction each : Findings.corrections(states, places(connection), fleet.names())) {
      if (each.token().isEmpty()) {
        Jdbc.run(connection, read("list"), each.prefix(), each.database().orElseThrow());
      } else if (each.database().isPresent()) {
        Jdbc.run(
            connection, read("correct"), each.database().get(), each.prefix(), each.token().get());
      } else {
        Jdbc.run(connection, read("remove"), each.prefix(), each.token().get());
      }
    }
    return true;
  }

  /**
   * A change of the directory.
   *
   * @param database where the agent is; empty if nowhere
   * @param token of the row that is there; empty if there is none
   */
  record Correction(String prefix, Optional<String> database, Optional<String> token) {}

  private static String read(String name) {
    return Resources.read("fleet/" + name + ".sql");
  }
}
