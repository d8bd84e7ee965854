package dev.dovetable.testkit.server;

import static java.util.Objects.requireNonNullElse;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A prepared database and its next clone, which a background thread makes as soon as the last one
 * was taken.
 */
final class Template {

  private final Supplier<String> clone;
  private final Executor background;
  private final AtomicReference<@Nullable FutureTask<String>> next = new AtomicReference<>();

  Template(Supplier<String> clone, Executor background) {
    this.clone = clone;
    this.background = background;
  }

  /**
   * Takes the next clone, waiting for it if it is being made; of several takers at once the others
   * make their own.
   *
   * @throws PostgresServerException if this clone could not be made, now or in the background
   */
  String take() {
    FutureTask<String> ready = next.getAndSet(null);
    try {
      return ready == null ? clone.get() : get(ready);
    } finally {
      FutureTask<String> following = new FutureTask<>(clone::get);
      if (next.compareAndSet(null, following)) {
        background.execute(following);
      }
    }
  }

  private static String get(FutureTask<String> ready) {
    // If it hasn't begun, it is made here rather than waited for; a second run does nothing.
    ready.run();
    try {
      return ready.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PostgresServerException("Interrupted while waiting for a database", e);
    } catch (ExecutionException e) {
      Throwable cause = requireNonNullElse(e.getCause(), e);
      throw new PostgresServerException(
          "The next database could not be made: " + cause.getMessage(), cause);
    }
  }
}
