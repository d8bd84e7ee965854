package dev.wacrm.core;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;

/** Notes the text of every statement that is prepared. */
final class Recorder {
  final List<String> statements = new CopyOnWriteArrayList<>();

  DataSource record(DataSource dataSource) {
    return new CustomDataSource(
        () -> {
          Connection connection = dataSource.getConnection();
          return (Connection)
              Proxy.newProxyInstance(
                  Recorder.class.getClassLoader(),
                  new Class<?>[] {Connection.class},
                  (proxy, method, arguments) -> {
                    if (method.getName().startsWith("prepare")) {
                      statements.add((String) arguments[0]);
                    }
                    try {
                      return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                      throw e.getCause();
                    }
                  });
        });
  }
}
