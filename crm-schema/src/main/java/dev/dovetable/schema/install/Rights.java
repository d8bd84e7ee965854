package dev.dovetable.schema.install;

import dev.dovetable.schema.install.InstallReport.Note;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.jdbc.SqlErrors;
import dev.dovetable.schema.internal.settings.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the roles may do after an installation, and what they lack. */
final class Rights {
  private final Connection connection;
  private final Target target;

  private record Row(
      boolean serviceBypassesRls,
      String bypassStatement,
      String replicaStatement,
      List<String> memberships) {}

  Rights(Connection connection, Target target) {
    this.connection = connection;
    this.target = target;
  }

  /**
   * Makes the login role a member of the roles that the library acts as, and notes where that is
   * refused.
   */
  List<Note> grantMemberships() throws SQLException {
    List<Note> notes = new ArrayList<>();
    for (String statement : read().memberships()) {
      if (!allowed(statement, true)) {
        notes.add(
            new Note(
                "The login role is not a member of every role that the library acts as.",
                "Statements that need it will be refused.",
                Optional.of(statement)));
      }
    }
    return notes;
  }

  /** What the database does not let this role do; each has a fallback. */
  List<Note> limits(List<String> rolesFound) throws SQLException {
    List<Note> notes = new ArrayList<>();
    Row row = read();
    if (!rolesFound.isEmpty()) {
      notes.add(
          new Note(
              "These roles were there before: " + String.join(", ", rolesFound) + ".",
              "They are used as they are; other databases of this server may use them too.",
              Optional.empty()));
    }
    if (!row.serviceBypassesRls()) {
      notes.add(
          new Note(
              "service_role is subject to row level security.",
              "Policies for service_role give it its access, at a small cost for each query.",
              Optional.of(row.bypassStatement())));
    }
    if (!allowed(Resources.read("installer/replica_role.sql"), false)) {
      notes.add(
          new Note(
              "The installing role may not set session_replication_role.",
              "delete_agent works, but takes a lock on every agent's tables: slow with thousands of agents, and"
                  + " limited by max_locks_per_transaction.",
              Optional.of(row.replicaStatement())));
    }
    return notes;
  }

  private Row read() throws SQLException {
    return Jdbc.querySingle(
        connection,
        Resources.read("installer/rights.sql"),
        row ->
            new Row(
                row.getBoolean("service_bypasses_rls"),
                row.getString("bypass_statement"),
                row.getString("replica_statement"),
                Jdbc.texts(row, "membership_statements")),
        target.loginRoleOrEmpty());
  }

  /** Asks PostgreSQL by trying: only it knows all the ways in which a right can be had. */
  private boolean allowed(String statement, boolean keep) throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      Jdbc.runText(connection, statement);
      if (!keep) {
        connection.rollback(before);
      }
      return true;
    } catch (SQLException e) {
      connection.rollback(before);
      if (SqlErrors.isMissingRight(e)) {
        return false;
      }
      throw e;
    } finally {
      connection.releaseSavepoint(before);
    }
  }
}
