package dev.dovetable.schema;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.ds.PGSimpleDataSource;

/** No more connections at a time than it has, like a pool; who waits too long is refused. */
final class SmallPool extends PGSimpleDataSource {
  private static final long serialVersionUID = 1;

  private final transient Semaphore free;
  private final transient AtomicInteger inUse = new AtomicInteger();
  private final transient AtomicInteger mostInUse = new AtomicInteger();
  private final Duration timeout;

  SmallPool(String url, int size, Duration timeout) {
    setUrl(url);
    this.free = new Semaphore(size, true);
    this.timeout = timeout;
  }

  @Override
  public Connection getConnection() throws SQLException {
    try {
      if (!free.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new SQLTransientConnectionException("no connection within " + timeout);
      }
    } catch (InterruptedException e) {
      throw new SQLException("interrupted while waiting for a connection", e);
    }
    mostInUse.accumulateAndGet(inUse.incrementAndGet(), Math::max);
    return giving(super.getConnection());
  }

  /** How many were in use at the same time. */
  int mostInUse() {
    return mostInUse.get();
  }

  int inUse() {
    return inUse.get();
  }

  private Connection giving(Connection connection) {
    AtomicBoolean closed = new AtomicBoolean();
    return (Connection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              } finally {
                if (method.getName().equals("close") && closed.compareAndSet(false, true)) {
                  inUse.decrementAndGet();
                  free.release();
                }
              }
            });
  }
}
