package dev.dovetable.core.internal.connection;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a statement is told before it is run: if its first parameter is ours, the caller's are one
 * further; and another statement can be told the same. Not thread-safe.
 */
final class BoundParameters implements InvocationHandler {
  private final int ours;
  private final boolean isRecorded;
  private final List<Call> calls = new ArrayList<>();
  private final PreparedStatement statement;
  private PreparedStatement prepared;
  private int last;

  private record Call(Method method, Object[] arguments) {}

  /**
   * Of one statement.
   *
   * @param ours how many parameters are ahead of the caller's
   * @param isRecorded whether another one may have to be told
   */
  BoundParameters(PreparedStatement prepared, int ours, boolean isRecorded) {
    this.prepared = prepared;
    this.ours = ours;
    this.last = ours;
    this.isRecorded = isRecorded;
    this.statement =
        (PreparedStatement)
            Proxy.newProxyInstance(
                BoundParameters.class.getClassLoader(),
                new Class<?>[] {PreparedStatement.class},
                this);
  }

  /** To be given the caller's parameters. */
  PreparedStatement statement() {
    return statement;
  }

  /** Of the parameters that were given, all of them by the time it is run. */
  int last() {
    return last;
  }

  /** Tells another statement the same, and goes on with that one. */
  void repeatOn(PreparedStatement other) throws SQLException {
    prepared = other;
    try {
      for (Call call : calls) {
        call.method().invoke(other, call.arguments());
      }
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof SQLException cause ? cause : new SQLException(e.getCause());
    } catch (IllegalAccessException e) {
      throw new SQLException(e);
    }
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    if (arguments != null && arguments.length > 1 && arguments[0] instanceof Integer parameter) {
      arguments[0] = parameter + ours;
      last = Math.max(last, parameter + ours);
    }
    if (isRecorded && arguments != null && method.getName().startsWith("set")) {
      calls.add(new Call(method, arguments));
    }
    try {
      return method.invoke(prepared, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
