package dev.wacrm.schema;

import dev.wacrm.schema.Blueprint.Subject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * All agents at one moment.
 *
 * @param agents in the order of their ids
 */
record Fleet(List<Agent> agents) {

  /**
   * One agent.
   *
   * @param state the versions of extensions that its ledger claims, as the blueprint's states
   * @param missing the versions that it lacks, as text; empty if it is up to date
   */
  record Agent(long id, String prefix, String state, Optional<String> missing) {
    Subject subject() {
      return new Subject(id, state, prefix, Long.toString(id));
    }
  }

  Fleet {
    agents = List.copyOf(agents);
  }

  /** One round trip, in a transaction that should end soon: it locks the table agents. */
  static Fleet read(Connection connection) throws SQLException {
    return new Fleet(
        Jdbc.query(
            connection,
            Resources.read("doctor/agents.sql"),
            row ->
                new Agent(
                    row.getLong("id"),
                    row.getString("agent_prefix"),
                    row.getString("state"),
                    Optional.ofNullable(row.getString("missing")))));
  }

  Fleet only(Predicate<Agent> wanted) {
    return new Fleet(agents.stream().filter(wanted).toList());
  }

  Fleet inState(Collection<String> states) {
    Set<String> known = Set.copyOf(states);
    return only(agent -> known.contains(agent.state()));
  }

  List<Subject> subjects() {
    return agents.stream().map(Agent::subject).toList();
  }
}
