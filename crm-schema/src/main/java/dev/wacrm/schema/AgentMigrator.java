package dev.wacrm.schema;

import dev.wacrm.schema.AgentMigrationReport.Result;
import dev.wacrm.schema.AgentMigrationReport.Status;
import dev.wacrm.schema.TemplateRegister.Outdated;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalInt;
import javax.sql.DataSource;

/**
 * Migrates one agent after the other over one connection, each in a transaction of its own. Not
 * thread-safe.
 */
final class AgentMigrator implements AutoCloseable {
  private final Connection connection;
  private final AgentMigrationSettings settings;
  private final boolean autoCommitBefore;
  private final PreparedStatement migrate;

  private AgentMigrator(Connection connection, AgentMigrationSettings settings)
      throws SQLException {
    this.connection = connection;
    this.settings = settings;
    this.autoCommitBefore = connection.getAutoCommit();
    connection.setAutoCommit(true);
    this.migrate = connection.prepareStatement(Resources.read("agents/migrate.sql"));
  }

  static AgentMigrator open(DataSource dataSource, AgentMigrationSettings settings)
      throws SQLException {
    Connection connection = dataSource.getConnection();
    try {
      return new AgentMigrator(connection, settings);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Tries once.
   *
   * @return how it went; empty if somebody was in the way, and it is to be tried again
   * @throws SQLException if the connection is lost
   */
  Optional<Result> migrate(PendingAgent pending) throws SQLException {
    pending.beginAttempt();
    try {
      OptionalInt versions = attempt(pending.agent());
      Status status = versions.isPresent() ? Status.MIGRATED : Status.DELETED;
      return Optional.of(result(pending, status, versions.orElse(0), Optional.empty()));
    } catch (SQLException e) {
      if (Errors.isUnreachable(e)) {
        throw e;
      }
      Jdbc.run(connection, "rollback");
      boolean isTooLate = pending.elapsed().compareTo(settings.giveUpAfter()) >= 0;
      return Errors.isConflict(e) && !isTooLate
          ? Optional.empty()
          : Optional.of(failed(pending, e));
    }
  }

  /** How many versions the agent got; empty if there is no such agent any more. */
  private OptionalInt attempt(Outdated agent) throws SQLException {
    migrate.setString(1, settings.target().privateSchema());
    migrate.setString(2, Long.toString(settings.lockTimeout().toMillis()));
    migrate.setString(3, Long.toString(settings.statementTimeout().toMillis()));
    migrate.setLong(4, agent.id());
    migrate.setString(5, agent.prefix());
    migrate.setString(6, settings.onlyExtension());
    migrate.execute();
    // The results of BEGIN and of the settings come first.
    migrate.getMoreResults();
    migrate.getMoreResults();
    try (ResultSet row = migrate.getResultSet()) {
      row.next();
      int versions = row.getInt("versions");
      return row.wasNull() ? OptionalInt.empty() : OptionalInt.of(versions);
    }
  }

  private Result failed(PendingAgent pending, SQLException e) throws SQLException {
    String state = String.valueOf(e.getSQLState());
    String words = Errors.words(e);
    Jdbc.run(
        connection,
        Resources.read("agents/failed.sql"),
        settings.target().privateSchema(),
        Long.toString(pending.agent().id()),
        state,
        words);
    return result(pending, Status.FAILED, 0, Optional.of("SQLSTATE " + state + ": " + words));
  }

  private static Result result(
      PendingAgent pending, Status status, int versions, Optional<String> error) {
    return new Result(
        pending.agent().id(),
        pending.agent().prefix(),
        status,
        versions,
        pending.attempts(),
        pending.elapsed(),
        error);
  }

  @Override
  public void close() throws SQLException {
    try {
      if (!connection.isClosed()) {
        migrate.close();
        if (!autoCommitBefore) {
          connection.setAutoCommit(false);
        }
      }
    } finally {
      connection.close();
    }
  }
}
