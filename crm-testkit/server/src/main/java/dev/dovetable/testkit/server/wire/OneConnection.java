package dev.dovetable.testkit.server.wire;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import javax.sql.DataSource;

/**
 * A pool of one connection that nobody validates, resets or closes, so that a test can look at the
 * state it is left in. As thread-safe as the connection.
 */
public final class OneConnection {

  private OneConnection() {}

  /**
   * Gives out a connection again and again.
   *
   * @param connection which the caller closes
   * @return a data source whose connections are all this one; their {@code close} does nothing
   */
  public static DataSource of(Connection connection) {
    requireNonNull(connection, "connection");
    return new CustomDataSource(() -> neverClosing(connection));
  }

  private static Connection neverClosing(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            OneConnection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("close")) {
                return null;
              }
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
