package dev.dovetable.examples.benchmarks;

import dev.dovetable.examples.benchmarks.report.Samples;
import dev.dovetable.examples.benchmarks.server.BenchmarkException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Work in threads of its own. */
final class Workers {

  private Workers() {}

  /** What one of them does. */
  interface Work {
    void run(int worker) throws Exception;
  }

  /** Waits no longer than this; what hangs is left behind. */
  static void within(Duration limit, Samples.Work work) throws Exception {
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              work.run();
              return null;
            });
    Thread thread = new Thread(task, "benchmark");
    thread.setDaemon(true);
    thread.start();
    try {
      task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      task.cancel(true);
      throw new BenchmarkException("It took longer than " + limit.toMinutes() + " minutes.", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw e;
    }
  }

  /** Waits for all; fails if one has failed. */
  static void run(int count, Work work) throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(count);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int worker = i;
        running.add(
            threads.submit(
                () -> {
                  work.run(worker);
                  return null;
                }));
      }
      for (Future<?> future : running) {
        future.get();
      }
    } catch (ExecutionException e) {
      throw new BenchmarkException("A worker has failed: " + e.getCause(), e);
    } finally {
      threads.shutdownNow();
    }
  }
}
