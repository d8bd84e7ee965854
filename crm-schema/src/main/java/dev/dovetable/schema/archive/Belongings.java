package dev.dovetable.schema.archive;

import dev.dovetable.schema.internal.jdbc.Jdbc;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What belongs to an agent besides its tables.
 *
 * @param numbersTaken numbers that another agent has
 * @param membersMissing members whom there isn't here
 * @param isConfigured whether the user got the archived configuration
 */
record Belongings(List<String> numbersTaken, List<UUID> membersMissing, boolean isConfigured) {

  private record Number(String id, boolean isClaimed) {}

  /** In the order of locks: the agent, numbers and the configuration of its user. */
  static Belongings give(
      Connection connection, Manifest manifest, long agentId, ImportOptions options)
      throws SQLException {
    String id = Long.toString(agentId);
    String user = options.user().toString();
    Jdbc.run(connection, Sql.read("user.sql"), user, id);
    List<UUID> missing =
        Jdbc.query(
            connection,
            Sql.read("members.sql"),
            row -> UUID.fromString(row.getString("id")),
            manifest.text(),
            id);
    List<String> taken = new ArrayList<>();
    Jdbc.query(
            connection,
            Sql.read("numbers.sql"),
            row -> new Number(row.getString("phone_number_id"), row.getBoolean("is_claimed")),
            manifest.text(),
            id,
            user)
        .stream()
        .filter(number -> !number.isClaimed())
        .forEach(number -> taken.add(number.id()));
    Jdbc.run(connection, Sql.read("labels.sql"), manifest.text(), id);
    boolean isConfigured = configure(connection, manifest, user, id);
    return new Belongings(taken, missing, isConfigured);
  }

  private static boolean configure(Connection connection, Manifest manifest, String user, String id)
      throws SQLException {
    try (var insert = connection.prepareStatement(Sql.read("configuration.sql"))) {
      insert.setString(1, manifest.text());
      insert.setString(2, user);
      insert.setString(3, id);
      return insert.executeUpdate() > 0;
    }
  }
}
