package dev.dovetable.schema.doctor;

import dev.dovetable.schema.internal.agents.TrialAgent;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.settings.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What several of the doctor's checks begin with. */
final class DoctorSession {
  private DoctorSession() {}

  /** Looks into the private schema, then into that of the tables, until the transaction ends. */
  static void usePath(Connection connection, Target target) throws SQLException {
    TrialAgent.usePath(connection, target);
  }

  /** The last parts of the names of agents' tables, those of extensions included. */
  static List<String> tableSuffixes(Connection connection) throws SQLException {
    return Jdbc.query(
        connection, Resources.read("doctor/suffixes.sql"), row -> row.getString("suffix"));
  }
}
