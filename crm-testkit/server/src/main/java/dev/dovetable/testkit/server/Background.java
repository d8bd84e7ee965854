package dev.dovetable.testkit.server;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/**
 * Work beside a test, each piece in a thread of its own: for what will wait, such as for a lock
 * that the test holds. {@link CompletableFuture#supplyAsync} has few threads for all, on two cores
 * one or two, where whoever waits keeps the others from beginning.
 *
 * <pre>{@code
 * CompletableFuture<Boolean> deletion = Background.call(() -> crm.asService().agents().delete(id));
 * database.awaitLockWait();
 * }</pre>
 *
 * <p>The threads are daemons. Thread-safe.
 */
public final class Background {

  /** Work without a result, which may throw anything. */
  @FunctionalInterface
  public interface Task {
    /**
     * Does the work.
     *
     * @throws Exception whatever makes it fail
     */
    void run() throws Exception;
  }

  private Background() {}

  /**
   * Begins work that has a result.
   *
   * @param <T> the result's type
   * @param task the work
   * @return the result to come, or what the work threw
   */
  public static <T> CompletableFuture<T> call(Callable<T> task) {
    requireNonNull(task, "task");
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(task.call());
              } catch (Throwable e) {
                result.completeExceptionally(e);
              }
            },
            "crm-testkit-background");
    thread.setDaemon(true);
    thread.start();
    return result;
  }

  /**
   * Begins work that has no result.
   *
   * @param task the work
   * @return its end to come, or what it threw
   */
  public static CompletableFuture<Void> run(Task task) {
    requireNonNull(task, "task");
    CompletableFuture<Void> end = new CompletableFuture<>();
    call(() -> {
          task.run();
          return true;
        })
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                end.complete(null);
              } else {
                end.completeExceptionally(failure);
              }
            });
    return end;
  }
}
