package dev.dovetable.schema.fleet;

import static java.util.Objects.requireNonNull;

import dev.dovetable.schema.errors.CrmException;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What was done in each of several databases at the same time: the failure of one hides nothing of
 * the others. Immutable and thread-safe, as far as the results are.
 *
 * @param done what came of it, by the names of the databases, in the order in which they were named
 * @param failed why it failed, by the names of those where it did
 * @param <T> what comes of it in one database
 */
public record FleetReport<T>(Map<String, T> done, Map<String, CrmException> failed) {

  /**
   * Copies the maps.
   *
   * @param done what came of it
   * @param failed why it failed
   */
  public FleetReport {
    done = Collections.unmodifiableMap(new LinkedHashMap<>(done));
    failed = Collections.unmodifiableMap(new LinkedHashMap<>(failed));
  }

  /**
   * Does something for each database at the same time, on a thread each, and waits for all of it.
   *
   * @param databases their names
   * @param work what is done for one of them; gets its name
   * @param <T> what comes of it
   * @return what came of each
   */
  public static <T> FleetReport<T> of(Collection<String> databases, Function<String, T> work) {
    requireNonNull(work, "work");
    Map<String, FutureTask<T>> tasks = new LinkedHashMap<>();
    for (String database : databases) {
      tasks.put(database, new FutureTask<>(() -> work.apply(database)));
    }
    List<Thread> threads =
        tasks.entrySet().stream()
            .skip(1)
            .map(each -> started(each.getValue(), "dovetable-fleet-" + each.getKey()))
            .toList();
    tasks.values().stream().limit(1).forEach(FutureTask::run);
    Map<String, T> done = new LinkedHashMap<>();
    Map<String, CrmException> failed = new LinkedHashMap<>();
    tasks.forEach(
        (database, task) -> {
          try {
            done.put(database, result(task, threads));
          } catch (CrmException e) {
            failed.put(database, e);
          }
        });
    return new FleetReport<>(done, failed);
  }

  private static Thread started(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Whoever interrupts the caller interrupts what it waits for, and that decides what it means. */
  private static <T> T result(FutureTask<T> task, List<Thread> threads) {
    boolean isInterrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          isInterrupted = true;
          threads.forEach(Thread::interrupt);
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e);
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Whether it was done everywhere.
   *
   * @return true if nothing failed
   */
  public boolean isComplete() {
    return failed.isEmpty();
  }

  /**
   * What came of it, for whoever needs all of it.
   *
   * @return {@link #done}
   * @throws CrmException the first failure, with the others suppressed, if there is one
   */
  public Map<String, T> orThrow() {
    if (!failed.isEmpty()) {
      List<CrmException> failures = failed.values().stream().distinct().toList();
      failures.stream().skip(1).forEach(failures.get(0)::addSuppressed);
      throw failures.get(0);
    }
    return done;
  }

  /** Names the databases, and what failed. */
  @Override
  public String toString() {
    return "done: "
        + done.keySet()
        + failed.entrySet().stream()
            .map(each -> "; " + each.getKey() + ": " + each.getValue().getMessage())
            .collect(Collectors.joining());
  }
}
