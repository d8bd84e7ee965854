package dev.dovetable.core;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** Notes the text of every statement that is prepared, without the prelude in front of it. */
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
                      statements.add(withoutPrelude((String) arguments[0]));
                    }
                    try {
                      return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                      throw e.getCause();
                    }
                  });
        });
  }

  private static String withoutPrelude(String text) {
    return Arrays.stream(text.split("\n;\n"))
        .filter(part -> !part.equals("begin") && !part.equals("commit"))
        .filter(part -> !part.startsWith("select\n  set_config"))
        .collect(Collectors.joining("\n;\n"));
  }
}
