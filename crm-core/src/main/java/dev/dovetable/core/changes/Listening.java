package dev.dovetable.core.changes;

import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.CrmObserver;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.internal.connection.Observed;
import dev.dovetable.core.internal.connection.Wakes;
import dev.dovetable.schema.errors.CrmException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One listener and how far it was told. Its polls come one after the other. */
final class Listening implements ChangeSubscription, Wakes.Poll {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeFeed.class);
  private static final int PAGE = 1000;
  private static final long ROTATION_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ChangeFeed feed;
  private final ChangeListener listener;
  private final AtomicReference<@Nullable Wakes> wakes = new AtomicReference<>();

  // Of the polling thread alone.
  private ChangeCursor cursor;
  private long rotatedAt = System.nanoTime() - ROTATION_NANOS;
  private boolean isFailing;
  private long failedAt;

  Listening(ChangeFeed feed, ChangeListener listener, ChangeCursor cursor) {
    this.feed = feed;
    this.listener = listener;
    this.cursor = cursor;
  }

  void start(Wakes shared) {
    wakes.set(shared);
    shared.add(this);
  }

  @Override
  public void close() {
    Wakes shared = wakes.getAndSet(null);
    if (shared != null) {
      shared.remove(this);
    }
  }

  @Override
  public boolean isOpen() {
    return wakes.get() != null;
  }

  @Override
  public void poll() {
    if (isFailing && System.nanoTime() - failedAt < PAUSE_NANOS) {
      return;
    }
    try {
      rotateSometimes();
      tell();
      isFailing = false;
    } catch (RefusedException e) {
      if (e.reason() == RefusedException.Reason.CHANGES_LOST) {
        startAnew();
      } else {
        end(e);
      }
    } catch (AccessDeniedException e) {
      end(e);
    } catch (DatabaseException e) {
      if (!isFailing) {
        LOG.warn("Changes can't be read for now: {}", e.getMessage());
      }
      isFailing = true;
      failedAt = System.nanoTime();
    } catch (CrmException e) {
      end(e);
    } catch (Throwable e) { // a DataSource's, for example
      if (!isFailing) {
        LOG.warn("Changes can't be read for now: {} {}", e.getClass().getName(), place(e));
      }
      isFailing = true;
      failedAt = System.nanoTime();
    }
  }

  private void tell() {
    boolean hasMore = true;
    while (hasMore && isOpen()) {
      ChangePage page = feed.read(cursor, PAGE);
      cursor = page.next();
      hasMore = page.hasMore();
      if (!page.changes().isEmpty() && isOpen()) {
        observe(page.changes());
        call(() -> listener.onChanges(page.changes()));
      }
    }
  }

  private void observe(List<Change> changes) {
    Wakes shared = wakes.get();
    CrmObserver observer = shared == null ? CrmObserver.NONE : shared.observer();
    if (observer != CrmObserver.NONE) {
      Duration since = Duration.between(changes.get(changes.size() - 1).at(), Instant.now());
      Duration lag = since.isNegative() ? Duration.ZERO : since;
      Observed.safely(() -> observer.onChanges(changes.size(), lag));
    }
  }

  private void rotateSometimes() {
    if (feed.isOfAll() && System.nanoTime() - rotatedAt > ROTATION_NANOS) {
      rotatedAt = System.nanoTime();
      feed.rotate();
    }
  }

  private void startAnew() {
    try {
      cursor = feed.now();
    } catch (CrmException e) {
      isFailing = true;
      failedAt = System.nanoTime();
      return;
    }
    call(listener::onLost);
  }

  private void end(CrmException why) {
    close();
    call(() -> listener.onEnd(why));
  }

  private static String place(Throwable thrown) {
    StackTraceElement[] trace = thrown.getStackTrace();
    return trace.length == 0 ? "somewhere" : "at " + trace[0];
  }

  private static void call(Runnable callback) {
    try {
      callback.run();
    } catch (Throwable e) { // checked ones, too, as Kotlin's
      // Without its message, which may hold what the listener has looked up.
      LOG.warn("A listener to changes threw {} {}", e.getClass().getName(), place(e));
    }
  }
}
