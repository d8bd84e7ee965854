package dev.dovetable.testkit.internal;

import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * The application's connections: kept for the next taker, so that a test doesn't pay for logins,
 * and watched. Thread-safe.
 */
public final class AppDataSource implements DataSource, AutoCloseable {
  private final DataSource physical;
  private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();
  private final Map<Connection, Taken> open = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Taken> givenBackInTransaction = new ConcurrentLinkedQueue<>();

  /** Where a connection was taken. */
  public static final class Taken extends Exception {
    private static final long serialVersionUID = 1L;

    private Taken() {
      super("taken by thread " + Thread.currentThread().getName());
    }
  }

  public AppDataSource(DataSource physical) {
    this.physical = physical;
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = idle.poll();
    if (connection == null) {
      connection = physical.getConnection();
    }
    return watched(connection, false);
  }

  private Connection watched(Connection connection, boolean apart) {
    open.put(connection, new Taken());
    return (Connection)
        Proxy.newProxyInstance(
            AppDataSource.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            new Handler(connection, apart));
  }

  /** A connection that is watched like the others, and never handed out again. */
  public Connection connectApart() throws SQLException {
    return watched(physical.getConnection(), true);
  }

  /** Connections that nobody has closed; they are closed now. */
  public List<Taken> takeOpen() {
    List<Taken> found = new ArrayList<>();
    open.forEach(
        (connection, taken) -> {
          if (open.remove(connection, taken)) {
            found.add(taken);
            closeQuietly(connection);
          }
        });
    return found;
  }

  /** Connections that were closed in the middle of a transaction. */
  public List<Taken> takeGivenBackInTransaction() {
    List<Taken> found = new ArrayList<>();
    for (Taken taken = givenBackInTransaction.poll();
        taken != null;
        taken = givenBackInTransaction.poll()) {
      found.add(taken);
    }
    return found;
  }

  /** The connections that wait for the next taker; the caller gives them back. */
  public List<Connection> takeIdle() {
    List<Connection> taken = new ArrayList<>();
    for (Connection next = idle.poll(); next != null; next = idle.poll()) {
      taken.add(next);
    }
    return taken;
  }

  public void giveBackIdle(Connection connection) {
    idle.push(connection);
  }

  @Override
  public void close() {
    open.keySet().forEach(AppDataSource::closeQuietly);
    takeIdle().forEach(AppDataSource::closeQuietly);
  }

  /** One use of a connection. Belongs to its taker. */
  private final class Handler implements InvocationHandler {
    /** What a taker may have changed, and the next one must not inherit. */
    private static final Set<String> HARMLESS = Set.of("setAutoCommit", "setSavepoint");

    private final Connection connection;
    private boolean closed;
    private boolean altered;

    Handler(Connection connection, boolean altered) {
      this.connection = connection;
      this.altered = altered;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object[] arguments)
        throws Throwable {
      String name = method.getName();
      switch (name) {
        case "equals":
          return proxy == arguments[0];
        case "hashCode":
          return System.identityHashCode(proxy);
        case "isClosed":
          return closed || connection.isClosed();
        case "close":
          giveBack();
          return null;
        case "abort":
          altered = true;
          giveBack();
          return null;
        default:
          break;
      }
      if (closed && method.getDeclaringClass() == Connection.class) {
        throw new SQLException("The connection was closed.", "08003");
      }
      altered |= name.startsWith("set") && !HARMLESS.contains(name);
      try {
        return method.invoke(connection, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }

    private void giveBack() throws SQLException {
      if (closed) {
        return;
      }
      closed = true;
      Taken taken = open.remove(connection);
      if (taken == null || connection.isClosed()) {
        return; // the guard has closed it
      }
      boolean inTransaction =
          connection.unwrap(BaseConnection.class).getTransactionState() != TransactionState.IDLE;
      if (inTransaction) {
        givenBackInTransaction.add(taken);
      }
      if (inTransaction || altered) {
        connection.close();
      } else {
        connection.setAutoCommit(true);
        idle.push(connection);
      }
    }
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // It is gone either way.
    }
  }

  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException(
        "The test kit's DataSource logs in as the application. For another login, see"
            + " CrmDatabase.connect() and CrmDatabase.superuser().");
  }

  @Override
  public PrintWriter getLogWriter() throws SQLException {
    return physical.getLogWriter();
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    physical.setLogWriter(out);
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    physical.setLoginTimeout(seconds);
  }

  @Override
  public int getLoginTimeout() throws SQLException {
    return physical.getLoginTimeout();
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    return physical.getParentLogger();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw new SQLException("This DataSource is no " + type.getName());
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }
}
