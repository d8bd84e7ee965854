package dev.dovetable.schema.doctor;

import dev.dovetable.schema.doctor.AgentSnapshot.Agent;
import dev.dovetable.schema.doctor.Capacity.AgentBytes;
import dev.dovetable.schema.doctor.Finding.Code;
import dev.dovetable.schema.doctor.Finding.Severity;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.jdbc.SqlErrors;
import dev.dovetable.schema.internal.jdbc.Transaction;
import dev.dovetable.schema.internal.settings.Target;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Measures how large an installation is, and tells what is near a limit. */
final class CapacityCheck {
  /** Measured: two tables of each of 2,000 agents took 110 MB, all four of 10,000 took 1.1 GB. */
  private static final long BYTES_PER_TABLE = 27_000;

  /** What one agent's own tables, indexes and sequences take when it is deleted. */
  private static final long LOCKS_PER_AGENT = 100;

  /** The triggers of a foreign key, and its table with its indexes. */
  private static final long LOCKS_PER_CASCADE = 5;

  private final Connection connection;
  private final Target target;

  private record Server(long relations, long catalogBytes, long lockSlots, long locksToDump) {
    static Server read(ResultSet row) throws SQLException {
      return new Server(
          row.getLong("relations"),
          row.getLong("catalog_bytes"),
          row.getLong("lock_slots"),
          row.getLong("locks_to_dump"));
    }
  }

  CapacityCheck(Connection connection, Target target) {
    this.connection = connection;
    this.target = target;
  }

  /** Some eight round trips. */
  Capacity measure(AgentSnapshot snapshot) throws SQLException {
    long agents = snapshot.agents().size();
    try (Transaction transaction = Transaction.begin(connection, target.privateSchema(), true)) {
      DoctorSession.usePath(transaction.connection(), target);
      List<String> suffixes = DoctorSession.tableSuffixes(connection);
      Server server =
          Jdbc.querySingle(connection, Resources.read("doctor/capacity.sql"), Server::read);
      List<AgentBytes> largest = largest(snapshot, suffixes);
      return new Capacity(
          agents,
          server.relations(),
          server.catalogBytes(),
          largest,
          server.lockSlots(),
          LOCKS_PER_AGENT + (maySilenceCascades() ? 0 : LOCKS_PER_CASCADE * agents),
          server.locksToDump(),
          BYTES_PER_TABLE * suffixes.size() * agents);
    }
  }

  private List<AgentBytes> largest(AgentSnapshot snapshot, List<String> suffixes)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(Resources.read("doctor/largest.sql"))) {
      statement.setString(1, target.schema());
      statement.setArray(
          2,
          connection.createArrayOf(
              "text", snapshot.agents().stream().map(Agent::prefix).toArray()));
      statement.setArray(3, connection.createArrayOf("text", suffixes.toArray()));
      List<AgentBytes> largest = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          largest.add(new AgentBytes(rows.getString("prefix"), rows.getLong("bytes")));
        }
      }
      return largest;
    }
  }

  /** The last question of its transaction: it may fail. */
  private boolean maySilenceCascades() throws SQLException {
    try {
      return Jdbc.querySingle(
          connection,
          Resources.read("installer/replica_role.sql"),
          row -> row.getBoolean("is_allowed"));
    } catch (SQLException e) {
      // Where the function is missing, that is a finding of its own.
      if (SqlErrors.isMissingRight(e) || SqlErrors.isUndefinedFunction(e)) {
        return false;
      }
      throw e;
    }
  }

  /** What is over a limit. */
  static List<Finding> findings(Capacity capacity) {
    List<Finding> findings = new ArrayList<>();
    double limit = capacity.lockSlots() * Capacity.LOCK_SHARE_LIMIT;
    if (capacity.locksToDump() > limit) {
      findings.add(
          locks(
              "pg_dump",
              capacity.locksToDump(),
              capacity,
              "Raise max_locks_per_transaction and restart the server, or dump in parts."));
    }
    if (capacity.locksToDeleteAgent() > limit) {
      findings.add(
          locks(
              "delete_agent",
              capacity.locksToDeleteAgent(),
              capacity,
              "Let a superuser grant set on parameter session_replication_role to the owner, or raise max_locks_per_transaction and restart the server."));
    }
    if (capacity.bytesPerConnection() > Capacity.BYTES_PER_CONNECTION_LIMIT) {
      findings.add(
          new Finding(
              Code.CAPACITY_MEMORY,
              Severity.WARNING,
              Optional.empty(),
              "connections",
              String.format(
                  Locale.ROOT,
                  "a connection that touches every agent's tables will hold %d MB of catalogue cache",
                  capacity.bytesPerConnection() / 1_000_000),
              "Keep the pool small and maxLifetime short.",
              List.of()));
    }
    return findings;
  }

  private static Finding locks(String who, long needed, Capacity capacity, String remedy) {
    return new Finding(
        Code.CAPACITY_LOCKS,
        Severity.WARNING,
        Optional.empty(),
        who,
        String.format(
            Locale.ROOT,
            "%s takes %d locks, and all transactions together have room for %d",
            who,
            needed,
            capacity.lockSlots()),
        remedy,
        List.of());
  }
}
