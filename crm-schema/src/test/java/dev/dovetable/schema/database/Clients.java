package dev.dovetable.schema.database;

import dev.dovetable.testkit.server.PostgresDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** Several clients at work at the same time, each on a connection of its own. */
public final class Clients {

  private static final long PATIENCE_SECONDS = 60;

  private Clients() {}

  @FunctionalInterface
  public interface Work {
    void run(Session session, int client) throws SQLException;
  }

  /**
   * Has that many clients begin at once, and waits for all; the answer is what they failed with.
   */
  public static List<SQLException> run(int clients, DataSource login, Work work) throws Exception {
    CyclicBarrier start = new CyclicBarrier(clients);
    List<Callable<SQLException>> tasks = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      int client = i;
      tasks.add(
          () -> {
            try (Session session = new Session(login)) {
              start.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
              work.run(session, client);
              return null;
            } catch (SQLException e) {
              return e;
            }
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try {
      List<SQLException> failures = new ArrayList<>();
      for (Future<SQLException> done : threads.invokeAll(tasks)) {
        SQLException failure = done.get();
        if (failure != null) {
          failures.add(failure);
        }
      }
      return failures;
    } finally {
      threads.shutdownNow();
    }
  }

  /** A statement that goes on in the background. */
  public static final class Pending implements AutoCloseable {
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final Future<SQLException> failure;

    public Pending(Session session, String sql, Object... arguments) {
      failure =
          thread.submit(
              () -> {
                try {
                  session.execute(sql, arguments);
                  return null;
                } catch (SQLException e) {
                  return e;
                }
              });
    }

    /** Waits for its end; the answer is its SQLSTATE. */
    public String sqlState() throws Exception {
      try {
        SQLException e = failure.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return e == null ? Session.SUCCESS : e.getSQLState();
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      thread.shutdownNow();
    }
  }

  /** Starts a statement that has to wait for a lock, and returns when it does. */
  public static Pending waiting(
      PostgresDatabase database, Session session, String sql, Object... arguments)
      throws SQLException {
    int pid = session.pid();
    Pending pending = new Pending(session, sql, arguments);
    database.awaitLockWait(wait -> wait.processId() == pid);
    return pending;
  }
}
