package dev.dovetable.schema.migration;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.internal.jdbc.SqlErrors;
import dev.dovetable.schema.migration.AgentMigrationReport.Result;
import dev.dovetable.schema.migration.AgentMigrationReport.Status;
import dev.dovetable.schema.migration.AgentMigrator.Attempt;
import dev.dovetable.schema.migration.ExtensionRegister.Found;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * One run over the agents that are not up to date. Used once.
 *
 * <p>Each worker takes a connection for a short turn and gives it back, so that an application that
 * shares the pool goes on working. How many connections the pool has can't be asked: workers that
 * get none leave the work to those that do.
 */
final class AgentMigrationRun {
  /** For how long a connection is held, whoever else waits for one. */
  private static final Duration TURN = Duration.ofMillis(500);

  /** For how long a connection is held without being used. */
  private static final Duration IDLE = Duration.ofMillis(50);

  /** For how long the end of a run waits for those that wait for a connection. */
  private static final Duration FAREWELL = Duration.ofSeconds(1);

  private static final String DOING = "migrate the agents";
  private static final String EFFECT = "Agents that are done stay done";

  private final Logger log;
  private final DataSource dataSource;
  private final AgentMigrationSettings settings;
  private final List<String> registered;
  private final int total;
  private final DelayQueue<PendingAgent> queue = new DelayQueue<>();
  private final RateLimit rateLimit;
  private final List<Thread> workers = new ArrayList<>();

  // Guarded by this.
  private final List<Result> results = new ArrayList<>();
  private final List<PendingAgent> awaitingIndexes = new ArrayList<>();
  private int alive;
  private int connected;
  private boolean isOver;
  private boolean wasStopped;
  private @Nullable Throwable failure;

  private volatile boolean stopped;

  AgentMigrationRun(
      Logger log, DataSource dataSource, AgentMigrationSettings settings, Found found) {
    this.log = log;
    this.dataSource = dataSource;
    this.settings = settings;
    this.registered = found.missing().stream().map(ExtensionVersion::label).toList();
    this.total = found.outdated().size();
    this.rateLimit = new RateLimit(settings.agentsPerSecond());
    long now = System.nanoTime();
    found.outdated().forEach(agent -> queue.add(new PendingAgent(agent, now)));
  }

  /**
   * What was done, when the queue is empty or the run was stopped.
   *
   * @param begin {@link System#nanoTime} before the versions were registered
   */
  AgentMigrationReport run(long begin) {
    migrate();
    if (!wasStopped) { // no worker is left
      new IndexBuilds(dataSource, settings).build(awaitingIndexes, this::record);
    }
    List<Result> done;
    synchronized (this) {
      done = List.copyOf(results);
    }
    PostgrestCache.reload(log, dataSource, done);
    AgentMigrationReport report =
        new AgentMigrationReport(
            registered, done, total - done.size(), Duration.ofNanos(System.nanoTime() - begin));
    RunLog.write(log, settings.target(), total, report);
    return report;
  }

  private void migrate() {
    alive = Math.min(settings.connections(), total);
    for (int i = 0; i < alive; i++) {
      Thread worker = new Thread(this::work, "dovetable-migration-" + (i + 1));
      worker.setDaemon(true);
      workers.add(worker);
    }
    workers.forEach(Thread::start);
    if (awaitEnd()) {
      Thread.currentThread().interrupt();
    } else {
      dismissWorkers();
    }
    synchronized (this) {
      if (failure != null) {
        AgentMigrationRun.<RuntimeException>rethrow(failure);
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void rethrow(Throwable failure) throws E {
    throw (E) failure;
  }

  /**
   * No transaction is under way then. An interrupt has the run end early.
   *
   * @return whether there was one
   */
  private boolean awaitEnd() {
    boolean interrupted = false;
    synchronized (this) {
      while (alive > 0 && (connected > 0 || !isDone())) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
          stopped = true;
        }
      }
      isOver = true;
      wasStopped = stopped;
      stopped = true;
    }
    return interrupted;
  }

  /** Those that still wait for a connection; a pool that can't be interrupted isn't waited for. */
  private void dismissWorkers() {
    workers.forEach(Thread::interrupt);
    long end = System.nanoTime() + FAREWELL.toNanos();
    for (Thread worker : workers) {
      try {
        TimeUnit.NANOSECONDS.timedJoin(worker, end - System.nanoTime());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private boolean isDone() {
    return stopped || queue.isEmpty();
  }

  private void work() {
    try {
      while (awaitWork()) {
        // Between turns, others get the connection.
        takeTurn(AgentMigrator.open(dataSource, settings));
      }
      end(null);
    } catch (SQLException e) {
      end(SqlErrors.noConnection(DOING, EFFECT, e));
    } catch (Throwable e) { // checked ones, too, of a listener or a DataSource in Kotlin
      fail(e);
      end(null);
    }
  }

  /** Without a connection, a worker fails only if it is the last one and there is work left. */
  private synchronized void end(@Nullable SchemaException noConnection) {
    alive--;
    if (noConnection != null && !isOver) {
      if (alive > 0 || queue.isEmpty()) {
        log.debug("One connection less to migrate agents with, {} go on", alive, noConnection);
      } else {
        fail(noConnection);
      }
    }
    notifyAll();
  }

  /** Waits, without a connection, for an agent to be due; false if there is nothing more to do. */
  private boolean awaitWork() {
    rateLimit.await();
    while (!isStopped()) {
      PendingAgent next = queue.peek();
      if (next == null) {
        return false;
      }
      long delay = next.getDelay(TimeUnit.NANOSECONDS);
      if (delay <= 0) {
        return true;
      }
      LockSupport.parkNanos(Math.min(delay, IDLE.toNanos()));
    }
    return false;
  }

  private boolean isStopped() {
    if (!stopped && settings.stop().getAsBoolean()) {
      stop();
    }
    return stopped;
  }

  private synchronized void stop() {
    stopped = true;
    notifyAll();
  }

  private void takeTurn(AgentMigrator migrator) {
    try (migrator) {
      if (enter()) {
        long begin = System.nanoTime();
        for (PendingAgent agent = queue.poll(); agent != null; agent = next(begin)) {
          migrate(migrator, portionFrom(agent));
        }
      }
    } catch (SQLException e) {
      fail(Ownership.explain(dataSource, settings.target(), SqlErrors.translate(DOING, EFFECT, e)));
    } catch (Throwable e) {
      fail(e);
    } finally {
      leave();
    }
  }

  /** Before its connection counts as given back, which may be what the end of the run waits for. */
  private synchronized void fail(Throwable problem) {
    if (!isOver) {
      stopped = true;
      failure = failure == null ? problem : failure;
    }
  }

  /**
   * One if the run is to be held back or stopped between two of them, or if so few are left that
   * the workers had better share them.
   */
  private List<PendingAgent> portionFrom(PendingAgent first) {
    boolean oneByOne = settings.agentsPerSecond().isPresent() || settings.stopAtFirstFailure();
    if (oneByOne || queue.size() < 2 * settings.connections() * AgentMigrator.PORTION) {
      return List.of(first);
    }
    List<PendingAgent> portion = new ArrayList<>(List.of(first));
    queue.drainTo(portion, AgentMigrator.PORTION - 1);
    if (portion.size() == AgentMigrator.PORTION) {
      return portion;
    }
    queue.addAll(portion.subList(1, portion.size()));
    return List.of(first);
  }

  private void migrate(AgentMigrator migrator, List<PendingAgent> agents) throws SQLException {
    for (Attempt attempt : migrator.migrate(agents)) {
      if (attempt.result().isPresent()) {
        record(attempt.result().get());
      } else if (attempt.awaitsIndexes()) {
        synchronized (this) {
          awaitingIndexes.add(attempt.agent());
        }
      } else {
        attempt.agent().postpone();
        queue.add(attempt.agent());
      }
    }
  }

  private @Nullable PendingAgent next(long begin) {
    boolean isTurnOver = System.nanoTime() - begin > TURN.toNanos();
    return isTurnOver || isStopped() || !rateLimit.awaitAtMost(IDLE) ? null : queue.poll();
  }

  /** Whether there still is something to do. */
  private synchronized boolean enter() {
    connected++;
    return !isOver;
  }

  private synchronized void leave() {
    connected--;
    notifyAll();
  }

  private synchronized void record(Result result) {
    results.add(result);
    if (result.status() == Status.FAILED && settings.stopAtFirstFailure()) {
      stopped = true;
    }
    settings.listener().done(result, results.size(), total);
  }
}
