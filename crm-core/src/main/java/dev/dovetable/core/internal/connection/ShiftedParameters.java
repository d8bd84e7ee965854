package dev.dovetable.core.internal.connection;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.PreparedStatement;

/** A statement whose first parameter is ours: the caller's are one further. Not thread-safe. */
final class ShiftedParameters implements InvocationHandler {
  private final PreparedStatement prepared;
  private final PreparedStatement shifted;
  private int last = 1;

  ShiftedParameters(PreparedStatement prepared) {
    this.prepared = prepared;
    this.shifted =
        (PreparedStatement)
            Proxy.newProxyInstance(
                ShiftedParameters.class.getClassLoader(),
                new Class<?>[] {PreparedStatement.class},
                this);
  }

  /** To be given the caller's parameters. */
  PreparedStatement statement() {
    return shifted;
  }

  /** Of the parameters that were given, all of them by the time it is run. */
  int last() {
    return last;
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    if (arguments != null && arguments.length > 1 && arguments[0] instanceof Integer parameter) {
      arguments[0] = parameter + 1;
      last = Math.max(last, parameter + 1);
    }
    try {
      return method.invoke(prepared, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
