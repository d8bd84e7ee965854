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
      if (!isGranted(statement)) {
        notes.add(
            new Note(
                "The login role is not a member of every role that the library acts as.",
                "Statements that need it will be refused.",
                Optional.of(statement)));
      }
    }
    return notes;
  }

  /** Who could put something in the way of the functions, and what is there. */
  List<Note> intruders() throws SQLException {
    return Jdbc.query(
        connection,
        Resources.read("installer/intruders.sql"),
        row ->
            new Note(
                row.getString("problem") + ".",
                "Whatever is found there may run with the rights of the functions' owner.",
                Optional.of(row.getString("statement"))),
        target.schema(),
        target.privateSchema());
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
    if (!maySilenceCascades()) {
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

  private boolean maySilenceCascades() throws SQLException {
    Jdbc.run(connection, Resources.read("installer/search_path.sql"), target.privateSchema());
    return Jdbc.querySingle(
        connection,
        Resources.read("installer/replica_role.sql"),
        row -> row.getBoolean("is_allowed"));
  }

  /** Asks PostgreSQL by trying: only it knows all the ways in which a right can be had. */
  private boolean isGranted(String statement) throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      Jdbc.runText(connection, statement);
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
