package dev.wacrm.schema;

import dev.wacrm.schema.AgentMigrationReport.Result;
import dev.wacrm.schema.AgentMigrationReport.Status;
import dev.wacrm.schema.TemplateRegister.Outdated;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** One run over the agents that are not up to date. Used once. */
final class AgentMigrationRun {
  private final DataSource dataSource;
  private final AgentMigrationSettings settings;
  private final int total;
  private final Queue<Outdated> queue;
  private final List<Result> results = new ArrayList<>();
  private volatile boolean stopped;
  private long nextStart = System.nanoTime();

  AgentMigrationRun(
      DataSource dataSource, AgentMigrationSettings settings, List<Outdated> outdated) {
    this.dataSource = dataSource;
    this.settings = settings;
    this.total = outdated.size();
    this.queue = new ConcurrentLinkedQueue<>(outdated);
  }

  /** What was done, when the queue is empty or the run was stopped. */
  List<Result> run() {
    int workers = Math.min(settings.connections(), total);
    if (workers == 0) {
      return List.of();
    }
    ExecutorService executor = Executors.newFixedThreadPool(workers, AgentMigrationRun::thread);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        running.add(executor.submit(this::work));
      }
      await(running);
    } finally {
      executor.shutdown();
    }
    synchronized (results) {
      return List.copyOf(results);
    }
  }

  private void work() {
    try (AgentMigrator migrator = AgentMigrator.open(dataSource, settings)) {
      for (Outdated agent = next(); agent != null; agent = next()) {
        record(migrator.migrate(agent, () -> stopped));
      }
    } catch (SQLException e) {
      stopped = true;
      throw Errors.translate("migrate the agents", "Agents that are done stay done", e);
    } catch (RuntimeException | Error e) {
      stopped = true;
      throw e;
    }
  }

  private @Nullable Outdated next() {
    if (stopped || settings.stop().getAsBoolean()) {
      stopped = true;
      return null;
    }
    Outdated agent = queue.poll();
    if (agent != null) {
      settings.agentsPerSecond().ifPresent(this::awaitTurn);
    }
    return agent;
  }

  private void awaitTurn(int agentsPerSecond) {
    long start;
    synchronized (this) {
      start = Math.max(nextStart, System.nanoTime());
      nextStart = start + TimeUnit.SECONDS.toNanos(1) / agentsPerSecond;
    }
    for (long wait = start - System.nanoTime(); wait > 0; wait = start - System.nanoTime()) {
      LockSupport.parkNanos(wait);
    }
  }

  private void record(Result result) {
    synchronized (results) {
      results.add(result);
      if (result.status() == Status.FAILED && settings.stopAtFirstFailure()) {
        stopped = true;
      }
      settings.listener().done(result, results.size(), total);
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "crm-agent-migration");
    thread.setDaemon(true);
    return thread;
  }

  /** All workers end before the first failure is thrown; an interrupt has them end early. */
  private void await(List<Future<?>> running) {
    RuntimeException failure = null;
    boolean interrupted = false;
    for (Future<?> worker : running) {
      boolean ended = false;
      while (!ended) {
        try {
          worker.get();
          ended = true;
        } catch (InterruptedException e) {
          interrupted = true;
          stopped = true;
        } catch (ExecutionException e) {
          ended = true;
          stopped = true;
          failure = failure == null ? unchecked(e.getCause()) : failure;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static RuntimeException unchecked(@Nullable Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
  }
}
