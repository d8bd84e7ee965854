package dev.wacrm.schema;

import dev.wacrm.schema.AgentMigrationReport.Result;
import dev.wacrm.schema.AgentMigrationReport.Status;
import dev.wacrm.schema.TemplateRegister.Outdated;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;

/**
 * Migrates one agent after the other over one connection, each in a transaction of its own. Not
 * thread-safe.
 */
final class AgentMigrator implements AutoCloseable {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

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
   * Tries until it is done, fails for good, or has been in somebody's way for too long.
   *
   * @param stopped whether to give up at the next failure
   * @throws SQLException if the connection is lost
   */
  Result migrate(Outdated agent, BooleanSupplier stopped) throws SQLException {
    long begin = System.nanoTime();
    Duration pause = FIRST_PAUSE;
    for (int attempts = 1; ; attempts++) {
      try {
        OptionalInt versions = attempt(agent);
        return new Result(
            agent.id(),
            agent.prefix(),
            versions.isPresent() ? Status.MIGRATED : Status.DELETED,
            versions.orElse(0),
            attempts,
            since(begin),
            Optional.empty());
      } catch (SQLException e) {
        if (Errors.isUnreachable(e)) {
          throw e;
        }
        Jdbc.run(connection, "rollback");
        boolean isTooLate = since(begin).compareTo(settings.giveUpAfter()) >= 0;
        if (!Errors.isConflict(e) || isTooLate || stopped.getAsBoolean()) {
          return failed(agent, attempts, begin, e);
        }
      }
      LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(pause.toNanos()) + 1);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
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

  private Result failed(Outdated agent, int attempts, long begin, SQLException e)
      throws SQLException {
    String state = String.valueOf(e.getSQLState());
    String words = Errors.words(e);
    Jdbc.run(
        connection,
        Resources.read("agents/failed.sql"),
        settings.target().privateSchema(),
        Long.toString(agent.id()),
        state,
        words);
    return new Result(
        agent.id(),
        agent.prefix(),
        Status.FAILED,
        0,
        attempts,
        since(begin),
        Optional.of("SQLSTATE " + state + ": " + words));
  }

  private static Duration since(long begin) {
    return Duration.ofNanos(System.nanoTime() - begin);
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
