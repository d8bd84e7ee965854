package dev.dovetable.schema.migration;

import static java.util.Collections.nCopies;

import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.jdbc.SqlErrors;
import dev.dovetable.schema.migration.AgentMigrationReport.Result;
import dev.dovetable.schema.migration.AgentMigrationReport.Status;
import dev.dovetable.schema.migration.ExtensionRegister.Outdated;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/**
 * Migrates agents over one connection, each in a transaction of its own, several in one round trip.
 * Not thread-safe.
 */
final class AgentMigrator implements AutoCloseable {
  /** How many agents are sent at once, so that waiting for the network counts less. */
  static final int PORTION = 8;

  private static final int PARAMETERS = 6;

  private final Connection connection;
  private final AgentMigrationSettings settings;
  private final boolean autoCommitBefore;
  private final PreparedStatement single;
  private final PreparedStatement portion;

  /**
   * How it went.
   *
   * @param result empty if it is not over
   * @param awaitsIndexes whether that is because indexes may be missing, which are built by
   *     themselves; else somebody was in the way, and it is to be tried again
   */
  record Attempt(PendingAgent agent, Optional<Result> result, boolean awaitsIndexes) {}

  private AgentMigrator(Connection connection, AgentMigrationSettings settings)
      throws SQLException {
    this.connection = connection;
    this.settings = settings;
    this.autoCommitBefore = connection.getAutoCommit();
    connection.setAutoCommit(true);
    String sql = Resources.read("agents/migrate.sql");
    this.single = connection.prepareStatement(sql);
    this.portion = connection.prepareStatement(String.join(";\n", nCopies(PORTION, sql)));
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
   * Tries each of them once.
   *
   * @param agents one, or {@link #PORTION}
   * @throws SQLException if the connection is lost
   */
  List<Attempt> migrate(List<PendingAgent> agents) throws SQLException {
    agents.forEach(PendingAgent::beginAttempt);
    if (agents.size() > 1) {
      try {
        List<OptionalInt> versions = send(portion, agents);
        return IntStream.range(0, agents.size())
            .mapToObj(i -> done(agents.get(i), versions.get(i)))
            .toList();
      } catch (SQLException e) {
        // Which of them failed, the driver doesn't tell. Those before it are done.
        undo(e);
      }
    }
    List<Attempt> attempts = new ArrayList<>();
    for (PendingAgent agent : agents) {
      attempts.add(migrate(agent, agents.size() > 1));
    }
    return attempts;
  }

  private Attempt migrate(PendingAgent agent, boolean isRepeated) throws SQLException {
    try {
      OptionalInt versions = send(single, List.of(agent)).get(0);
      boolean wasDone =
          isRepeated && versions.equals(OptionalInt.of(0)) && !agent.agent().mayAwaitIndexes();
      return done(agent, wasDone ? OptionalInt.of(agent.agent().missing()) : versions);
    } catch (SQLException e) {
      undo(e);
      boolean isTooLate = agent.elapsed().compareTo(settings.giveUpAfter()) >= 0;
      return new Attempt(
          agent,
          SqlErrors.isConflict(e) && !isTooLate ? Optional.empty() : Optional.of(failed(agent, e)),
          false);
    }
  }

  private void undo(SQLException failure) throws SQLException {
    if (SqlErrors.isUnreachable(failure)) {
      throw failure;
    }
    Jdbc.run(connection, "rollback");
  }

  /** How many versions each agent got; empty if there is no such agent any more. */
  private List<OptionalInt> send(PreparedStatement migrate, List<PendingAgent> agents)
      throws SQLException {
    for (int i = 0; i < agents.size(); i++) {
      bind(migrate, i * PARAMETERS, agents.get(i).agent());
    }
    migrate.execute();
    List<OptionalInt> all = new ArrayList<>();
    while (true) {
      // The results of BEGIN and of the settings come first, that of COMMIT last.
      migrate.getMoreResults();
      migrate.getMoreResults();
      try (ResultSet row = migrate.getResultSet()) {
        row.next();
        int versions = row.getInt("versions");
        all.add(row.wasNull() ? OptionalInt.empty() : OptionalInt.of(versions));
      }
      if (all.size() == agents.size()) {
        return all;
      }
      migrate.getMoreResults();
      migrate.getMoreResults();
    }
  }

  private void bind(PreparedStatement migrate, int offset, Outdated agent) throws SQLException {
    migrate.setString(offset + 1, settings.target().privateSchema());
    migrate.setString(offset + 2, Long.toString(settings.lockTimeout().toMillis()));
    migrate.setString(offset + 3, Long.toString(settings.statementTimeout().toMillis()));
    migrate.setLong(offset + 4, agent.id());
    migrate.setString(offset + 5, agent.prefix());
    migrate.setString(offset + 6, settings.onlyExtension());
  }

  private static Attempt done(PendingAgent agent, OptionalInt versions) {
    if (agent.agent().mayAwaitIndexes()
        && versions.isPresent()
        && versions.getAsInt() < agent.agent().missing()) {
      return new Attempt(agent, Optional.empty(), true);
    }
    Status status = versions.isPresent() ? Status.MIGRATED : Status.DELETED;
    return new Attempt(
        agent, Optional.of(result(agent, status, versions.orElse(0), Optional.empty())), false);
  }

  private Result failed(PendingAgent pending, SQLException e) throws SQLException {
    return failed(connection, settings, pending, e);
  }

  /** Records why, in a transaction of its own. */
  static Result failed(
      Connection connection, AgentMigrationSettings settings, PendingAgent pending, SQLException e)
      throws SQLException {
    String state = String.valueOf(e.getSQLState());
    String words = SqlErrors.words(e);
    Jdbc.run(
        connection,
        Resources.read("agents/failed.sql"),
        settings.target().privateSchema(),
        Long.toString(pending.agent().id()),
        pending.agent().prefix(),
        state,
        words);
    return result(pending, Status.FAILED, 0, Optional.of("SQLSTATE " + state + ": " + words));
  }

  static Result result(PendingAgent pending, Status status, int versions, Optional<String> error) {
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
        single.close();
        portion.close();
        if (!autoCommitBefore) {
          connection.setAutoCommit(false);
        }
      }
    } finally {
      connection.close();
    }
  }
}
