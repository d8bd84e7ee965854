package dev.dovetable.schema.migration;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import dev.dovetable.schema.internal.jdbc.SqlErrors;
import dev.dovetable.schema.migration.AgentMigrationReport.Result;
import dev.dovetable.schema.migration.AgentMigrationReport.Status;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * Builds indexes beside those who write: one after the other, outside of a transaction, over one
 * connection whose session must stay the same. Cut off at any moment, it leaves an index that is
 * invalid, which the next run drops and builds anew.
 *
 * <p>Locks are held for the session, and are never waited for in the database: CREATE INDEX
 * CONCURRENTLY waits for everybody who has a snapshot, and whoever waits in a statement has one.
 */
final class IndexBuilds {
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final String DOING = "build the agents' indexes";
  private static final String EFFECT = "Indexes that are built stay";

  private final DataSource dataSource;
  private final AgentMigrationSettings settings;

  IndexBuilds(DataSource dataSource, AgentMigrationSettings settings) {
    this.dataSource = dataSource;
    this.settings = settings;
  }

  private record Settings(String searchPath, String lockTimeout, String statementTimeout) {}

  private record Paths(String ofFunctions, String ofExtensions) {}

  private record Build(
      String extension, long version, String name, Optional<Boolean> isValid, String statement) {}

  /** Until somebody stops the run. */
  void build(List<PendingAgent> agents, Consumer<Result> done) {
    if (agents.isEmpty()) {
      return;
    }
    try (Connection connection = dataSource.getConnection()) {
      boolean autoCommitBefore = connection.getAutoCommit();
      connection.setAutoCommit(true);
      Settings before = settingsOf(connection);
      try {
        new Session(connection, paths(connection)).build(agents, done);
      } finally {
        if (connection.isValid(0)) {
          set(connection, before.searchPath(), before.lockTimeout(), before.statementTimeout());
          connection.setAutoCommit(autoCommitBefore);
        }
      }
    } catch (SQLException e) {
      SchemaException failure = SqlErrors.translate(DOING, EFFECT, e);
      throw Ownership.explain(dataSource, settings.target(), failure);
    }
  }

  private static Settings settingsOf(Connection connection) throws SQLException {
    return Jdbc.querySingle(
        connection,
        Resources.read("agents/builds_settings.sql"),
        row ->
            new Settings(
                row.getString("search_path"),
                row.getString("lock_timeout"),
                row.getString("statement_timeout")));
  }

  private Paths paths(Connection connection) throws SQLException {
    return Jdbc.querySingle(
        connection,
        Resources.read("agents/builds_paths.sql"),
        row -> new Paths(row.getString("private_path"), row.getString("home_path")),
        settings.target().privateSchema(),
        settings.target().schema());
  }

  private static void set(
      Connection connection, String path, String lockTimeout, String statementTimeout)
      throws SQLException {
    Jdbc.run(
        connection, Resources.read("agents/builds_set.sql"), path, lockTimeout, statementTimeout);
  }

  /** The work over one connection. */
  private final class Session {
    private final Connection connection;
    private final Paths paths;

    Session(Connection connection, Paths paths) {
      this.connection = connection;
      this.paths = paths;
    }

    void build(List<PendingAgent> agents, Consumer<Result> done) throws SQLException {
      for (PendingAgent agent : agents) {
        forFunctions();
        if (!lock(agent)) {
          return;
        }
        Optional<Result> result;
        try {
          result = buildFor(agent);
        } catch (SQLException e) {
          if (SqlErrors.isUnreachable(e)) {
            throw e;
          }
          Jdbc.run(connection, "rollback");
          forFunctions();
          result = Optional.of(AgentMigrator.failed(connection, settings, agent, e));
        }
        forFunctions();
        Jdbc.run(connection, Resources.read("agents/builds_unlock.sql"), agent.agent().prefix());
        if (result.isEmpty()) {
          return;
        }
        done.accept(result.get());
        if (result.get().status() == Status.FAILED && settings.stopAtFirstFailure()) {
          return;
        }
      }
    }

    /** Waits as long as another run builds; false if this one was stopped. */
    private boolean lock(PendingAgent agent) throws SQLException {
      while (!isStopped()) {
        boolean isLocked =
            Jdbc.querySingle(
                connection,
                Resources.read("agents/builds_lock.sql"),
                row -> row.getBoolean("is_locked"),
                agent.agent().prefix());
        if (isLocked) {
          return true;
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
      return false;
    }

    private boolean isStopped() {
      return Thread.currentThread().isInterrupted() || settings.stop().getAsBoolean();
    }

    /** Indexes and what was registered behind them, in turns; empty if the run was stopped. */
    private Optional<Result> buildFor(PendingAgent agent) throws SQLException {
      List<Build> builds = pending(agent);
      while (!builds.isEmpty()) {
        long begin = System.nanoTime();
        for (Build build : builds) {
          if (isStopped()) {
            return Optional.empty();
          }
          make(build);
        }
        forFunctions();
        enter(agent, builds.get(0), Duration.ofNanos(System.nanoTime() - begin));
        migrate(agent);
        builds = pending(agent);
      }
      return Optional.of(
          AgentMigrator.result(agent, Status.MIGRATED, agent.agent().missing(), Optional.empty()));
    }

    private List<Build> pending(PendingAgent agent) throws SQLException {
      return Jdbc.query(
          connection,
          Resources.read("agents/builds_pending.sql"),
          row -> {
            boolean isValid = row.getBoolean("is_valid");
            boolean isThere = !row.wasNull();
            return new Build(
                row.getString("extension"),
                row.getLong("version"),
                row.getString("name"),
                isThere ? Optional.of(isValid) : Optional.empty(),
                row.getString("statement"));
          },
          Long.toString(agent.agent().id()),
          agent.agent().prefix(),
          settings.onlyExtension());
    }

    /** One that is valid was built by a run that could not enter it into the ledger any more. */
    private void make(Build build) throws SQLException {
      if (build.isValid().equals(Optional.of(true))) {
        return;
      }
      set(connection, paths.ofExtensions(), milliseconds(settings.giveUpAfter()), "0");
      if (build.isValid().isPresent()) {
        Jdbc.execute(connection, "drop index concurrently " + build.name());
      }
      Jdbc.execute(connection, build.statement());
    }

    private void enter(PendingAgent agent, Build build, Duration duration) throws SQLException {
      Jdbc.run(
          connection,
          Resources.read("agents/builds_done.sql"),
          Long.toString(agent.agent().id()),
          agent.agent().prefix(),
          build.extension(),
          Long.toString(build.version()),
          Long.toString(duration.toMillis()));
    }

    private void migrate(PendingAgent agent) throws SQLException {
      Jdbc.run(
          connection,
          Resources.read("agents/migrate.sql"),
          settings.target().privateSchema(),
          milliseconds(settings.lockTimeout()),
          milliseconds(settings.statementTimeout()),
          Long.toString(agent.agent().id()),
          agent.agent().prefix(),
          settings.onlyExtension());
    }

    private void forFunctions() throws SQLException {
      set(
          connection,
          paths.ofFunctions(),
          milliseconds(settings.lockTimeout()),
          milliseconds(settings.statementTimeout()));
    }
  }

  /** At least one, because none would be no limit at all. */
  private static String milliseconds(Duration duration) {
    return Long.toString(Math.max(1, duration.toMillis()));
  }
}
