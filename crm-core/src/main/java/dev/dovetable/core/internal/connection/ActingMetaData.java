package dev.dovetable.core.internal.connection;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.DatabaseMetaData;
import java.util.regex.Pattern;

/**
 * What the driver knows by itself is told without a statement, even if none could be run: jOOQ asks
 * for the server's version ahead of the first statement of a JVM. All else runs as the actor.
 */
final class ActingMetaData implements InvocationHandler {
  private static final Pattern KNOWN_TO_THE_DRIVER =
      Pattern.compile("get(Database|Driver|JDBC).*|getURL|getUserName");

  private final ActingConnection connection;
  private final DatabaseMetaData delegate;

  private ActingMetaData(ActingConnection connection, DatabaseMetaData delegate) {
    this.connection = connection;
    this.delegate = delegate;
  }

  static DatabaseMetaData of(ActingConnection connection, DatabaseMetaData delegate) {
    return (DatabaseMetaData)
        Proxy.newProxyInstance(
            ActingMetaData.class.getClassLoader(),
            new Class<?>[] {DatabaseMetaData.class},
            new ActingMetaData(connection, delegate));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    if (method.getName().equals("getConnection")) {
      return connection;
    }
    if (method.getDeclaringClass() != Object.class
        && !KNOWN_TO_THE_DRIVER.matcher(method.getName()).matches()) {
      connection.asActor();
    }
    try {
      return method.invoke(delegate, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
