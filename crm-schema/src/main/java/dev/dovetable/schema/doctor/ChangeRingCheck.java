package dev.dovetable.schema.doctor;

import dev.dovetable.schema.doctor.Finding.Code;
import dev.dovetable.schema.doctor.Finding.Severity;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Whether the ring of the change feed is whole, of this cluster, and turned by somebody. */
final class ChangeRingCheck {
  private ChangeRingCheck() {}

  /** Within a transaction, with the functions' search_path. */
  static List<Finding> run(Connection connection) throws SQLException {
    boolean mayRead =
        Jdbc.querySingle(
            connection,
            Resources.read("doctor/may_read_changes.sql"),
            row -> row.getBoolean("may_read"));
    return mayRead
        ? Jdbc.query(connection, Resources.read("doctor/change_ring.sql"), ChangeRingCheck::finding)
        : List.of();
  }

  private static Finding finding(ResultSet row) throws SQLException {
    Optional<String> statement = Optional.ofNullable(row.getString("statement"));
    return new Finding(
        Code.CHANGE_RING,
        statement.isPresent() ? Severity.ERROR : Severity.WARNING,
        Optional.empty(),
        row.getString("name"),
        row.getString("problem"),
        statement.isPresent()
            ? Verdicts.REPAIR
            : "Have the service call changes().rotate() every hour, or select rotate_changes().",
        statement.stream().toList());
  }
}
