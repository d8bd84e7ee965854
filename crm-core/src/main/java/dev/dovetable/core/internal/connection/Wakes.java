package dev.dovetable.core.internal.connection;

import dev.dovetable.core.common.CrmObserver;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Has whoever follows changes look for them: when a process announces some, and five times a second
 * anyway. While there is somebody, it has a thread, and a connection that listens if there is one
 * to be had. Thread-safe.
 */
public final class Wakes {
  private static final int INTERVAL_MILLIS = 200;
  private static final long RECONNECT_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final AtomicInteger THREADS = new AtomicInteger();

  private final ConnectionSource source;
  private final CrmObserver observer;
  private final Lock lock = new ReentrantLock();
  private final Condition removed = lock.newCondition();
  private final Set<Poll> polls = new LinkedHashSet<>();
  private @Nullable Thread thread;

  Wakes(ConnectionSource source, CrmObserver observer) {
    this.source = source;
    this.observer = observer;
  }

  /** Who hears of what is told. */
  public CrmObserver observer() {
    return observer;
  }

  /** Looks once. */
  public interface Poll {

    /** What it throws is lost. */
    void poll();
  }

  /** From now on, it is called. */
  public void add(Poll poll) {
    lock.lock();
    try {
      if (thread == null || !thread.isAlive()) {
        Thread started = new Thread(this::run, "dovetable-changes-" + THREADS.incrementAndGet());
        started.setDaemon(true);
        started.start(); // waits for the lock; where no thread is to be had, nothing is added
        thread = started;
      }
      polls.add(poll);
    } finally {
      lock.unlock();
    }
  }

  /** No call begins any more. */
  public void remove(Poll poll) {
    lock.lock();
    try {
      polls.remove(poll);
      removed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Empty when the thread is to end; then it counts as ended. */
  private List<Poll> present() {
    lock.lock();
    try {
      if (polls.isEmpty()) {
        thread = null;
      }
      return List.copyOf(polls);
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    Ear ear = new Ear();
    boolean goesOn = true;
    while (goesOn) {
      try {
        goesOn = look(ear);
      } catch (Throwable e) { // there is no memory, or what a DataSource throws isn't an exception
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(INTERVAL_MILLIS));
      }
    }
    ear.close();
  }

  /** Whether there still is somebody to look for. */
  private boolean look(Ear ear) {
    List<Poll> all = present();
    if (all.isEmpty()) {
      return false;
    }
    all.forEach(Wakes::poll);
    if (!ear.isOpen()) {
      ear.open();
    }
    if (!ear.await()) {
      pause();
    }
    return true;
  }

  /** What one does to the thread is not the others' matter. */
  private static void poll(Poll one) {
    try {
      one.poll();
    } catch (Throwable e) {
      // The host's logger; all else it has caught.
    }
    Thread.interrupted(); // with it, the others would get no connection
  }

  private void pause() {
    lock.lock();
    try {
      if (!polls.isEmpty()) {
        removed.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      // Nobody has a reason to; it ends when nobody listens.
    } finally {
      lock.unlock();
    }
  }

  /** The connection that hears. Of one thread. */
  private final class Ear {
    private @Nullable Connection connection;
    private boolean autoCommitBefore;
    private long triedAt = System.nanoTime() - RECONNECT_NANOS;

    boolean isOpen() {
      return connection != null;
    }

    /** Where that can't be, polling is enough. */
    void open() {
      if (source.isHosts() || System.nanoTime() - triedAt < RECONNECT_NANOS) {
        return;
      }
      triedAt = System.nanoTime();
      try {
        Connection taken = source.take();
        if (taken == null) {
          return;
        }
        connection = taken;
        autoCommitBefore = taken.getAutoCommit();
        if (!autoCommitBefore) {
          taken.setAutoCommit(true);
        }
        if (!taken.isWrapperFor(PGConnection.class)) {
          close();
          return;
        }
        execute(taken, "listen " + Notices.CHANNEL);
      } catch (SQLException | RuntimeException e) {
        abandon();
      } catch (NoClassDefFoundError e) {
        close(); // another driver, or one that this class loader doesn't see
      }
    }

    /** False if there is nothing to hear with. */
    boolean await() {
      Connection open = connection;
      if (open == null) {
        return false;
      }
      try {
        open.unwrap(PGConnection.class).getNotifications(INTERVAL_MILLIS);
        return true;
      } catch (SQLException | RuntimeException e) {
        abandon();
        return false;
      }
    }

    void close() {
      Connection open = connection;
      connection = null;
      if (open == null) {
        return;
      }
      try {
        execute(open, "unlisten *");
        if (!autoCommitBefore) {
          open.setAutoCommit(false);
        }
        source.giveBack(open);
      } catch (SQLException | RuntimeException e) {
        connection = open;
        abandon();
      }
    }

    private void abandon() {
      Connection open = connection;
      connection = null;
      if (open == null) {
        return;
      }
      try {
        open.abort(Runnable::run);
        source.giveBack(open);
      } catch (SQLException | RuntimeException e) {
        // It is broken, or the pool is closed.
      }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }
  }
}
