package dev.dovetable.schema.doctor;

import dev.dovetable.schema.internal.catalog.Blueprint.Subject;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * All agents at one moment.
 *
 * @param agents in the order of their ids
 */
record AgentSnapshot(List<Agent> agents) {

  /**
   * One agent.
   *
   * @param state the versions of extensions that its ledger claims, as the blueprint's states
   * @param missing the versions that it lacks, as text; empty if it is up to date
   * @param isOfOlderRelease whether it lacks changes of the library's own, so that no fresh agent
   *     is like it
   */
  record Agent(
      long id, String prefix, String state, Optional<String> missing, boolean isOfOlderRelease) {
    Subject subject() {
      return new Subject(id, state, prefix, Long.toString(id));
    }
  }

  AgentSnapshot {
    agents = List.copyOf(agents);
  }

  /** One round trip, in a transaction that should end soon: it locks the table agents. */
  static AgentSnapshot read(Connection connection) throws SQLException {
    return new AgentSnapshot(
        Jdbc.query(
            connection,
            Resources.read("doctor/agents.sql"),
            row ->
                new Agent(
                    row.getLong("id"),
                    row.getString("agent_prefix"),
                    row.getString("state"),
                    Optional.ofNullable(row.getString("missing")),
                    row.getBoolean("is_of_older_release"))));
  }

  AgentSnapshot only(Predicate<Agent> wanted) {
    return new AgentSnapshot(agents.stream().filter(wanted).toList());
  }

  List<Subject> subjects() {
    return agents.stream().map(Agent::subject).toList();
  }
}
