package dev.dovetable.schema.doctor;

import dev.dovetable.schema.doctor.AgentSnapshot.Agent;
import dev.dovetable.schema.doctor.Finding.Code;
import dev.dovetable.schema.doctor.Finding.Severity;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.settings.Target;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks for tables, sequences and functions that were made for an agent and are nobody's now. */
final class OrphansCheck {
  private final Connection connection;
  private final Target target;

  OrphansCheck(Connection connection, Target target) {
    this.connection = connection;
    this.target = target;
  }

  /** Three round trips. */
  List<Finding> run(AgentSnapshot snapshot) throws SQLException {
    DoctorSession.usePath(connection, target);
    List<String> suffixes = DoctorSession.tableSuffixes(connection);
    Jdbc.run(connection, Resources.read("doctor/no_path.sql"));
    try (PreparedStatement statement =
        connection.prepareStatement(Resources.read("doctor/orphans.sql"))) {
      statement.setString(1, target.schema());
      statement.setString(2, target.privateSchema());
      statement.setArray(
          3,
          connection.createArrayOf("bigint", snapshot.agents().stream().map(Agent::id).toArray()));
      statement.setArray(
          4,
          connection.createArrayOf(
              "text", snapshot.agents().stream().map(Agent::prefix).toArray()));
      statement.setArray(5, connection.createArrayOf("text", suffixes.toArray()));
      List<Finding> findings = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          findings.add(read(rows));
        }
      }
      return findings;
    }
  }

  private static Finding read(ResultSet row) throws SQLException {
    Optional<String> prefix = Optional.ofNullable(row.getString("prefix"));
    String name = row.getString("name");
    return switch (row.getString("kind")) {
      case "extra table" ->
          new Finding(
              Code.EXTRA_OBJECT,
              Severity.WARNING,
              prefix,
              name,
              "the table is the agent's, but no registered extension makes it",
              "Register the extension again, or drop the table if its data aren't needed;"
                  + " delete_agent() would leave it behind.",
              List.of());
      case "table" ->
          new Finding(
              Code.ORPHANED_TABLE,
              Severity.WARNING,
              prefix,
              name,
              "the table belongs to agent %d, which is gone".formatted(row.getLong("agent_id")),
              prefix
                  .map(
                      known ->
                          "If its data aren't needed any more: select drop_agent_tables('"
                              + known
                              + "'); and drop table for what that leaves.")
                  .orElse("If its data aren't needed any more, drop it."),
              List.of());
      case "function" ->
          new Finding(
              Code.ORPHANED_FUNCTION,
              Severity.WARNING,
              prefix,
              name,
              "the function was made for agent %d, which is gone"
                  .formatted(row.getLong("agent_id")),
              "As its owner: drop function " + name + ";",
              List.of());
      default ->
          new Finding(
              Code.ORPHANED_SEQUENCE,
              Severity.WARNING,
              prefix,
              name,
              "the sequence was made for an agent's table, and belongs to none",
              "If it isn't the application's own: drop sequence " + name + ";",
              List.of());
    };
  }
}
