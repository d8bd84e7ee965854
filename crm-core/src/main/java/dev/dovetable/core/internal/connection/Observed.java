package dev.dovetable.core.internal.connection;

import dev.dovetable.core.common.CrmObserver;
import dev.dovetable.core.common.CrmObserver.StatementEnd;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.Subject;
import java.lang.StackWalker.StackFrame;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells an observer of statements. There is none if nobody observes. Immutable and thread-safe. */
public final class Observed implements ExecuteListener {
  static final String OTHER = "other";

  private static final long serialVersionUID = 1L;
  private static final Logger log = LoggerFactory.getLogger(CrmObserver.class);
  private static final StackWalker WALKER = StackWalker.getInstance();
  private static final String LIBRARY = "dev.dovetable.core.";
  private static final String MACHINERY = LIBRARY + "internal.";

  private final transient CrmObserver observer;
  private final transient Optional<String> prefix;

  Observed(CrmObserver observer, Subject subject) {
    this.observer = observer;
    this.prefix =
        subject instanceof AgentIdentity agent ? Optional.of(agent.prefix()) : Optional.empty();
  }

  /** In the context's own data, which lasts as long as the statement. */
  private enum Key {
    RUN
  }

  private static final class Run {
    final StatementEnd end;
    int roundTrips;
    @Nullable RuntimeException failure;

    Run(StatementEnd end) {
      this.end = end;
    }
  }

  /** Calls an observer, whose exceptions are nobody else's business. */
  public static void safely(Runnable call) {
    try {
      call.run();
    } catch (Throwable e) { // checked ones, too, as Kotlin's
      // Without its message, which may hold what the observer has looked up.
      StackTraceElement[] trace = e.getStackTrace();
      String place = trace.length == 0 ? "somewhere" : "at " + trace[0];
      log.warn("An observer threw {} {}", e.getClass().getName(), place);
    }
  }

  @Override
  public void start(ExecuteContext context) {
    safely(() -> context.data(Key.RUN, new Run(observer.onStatement(operation(), prefix))));
  }

  @Override
  public void executeStart(ExecuteContext context) {
    Run run = run(context);
    if (run != null) {
      run.roundTrips = 1;
    }
  }

  @Override
  public void executeEnd(ExecuteContext context) {
    addOthers(context);
  }

  /** Behind {@link StatementListener}, which has made this library's exception of it. */
  @Override
  public void exception(ExecuteContext context) {
    addOthers(context);
    Run run = run(context);
    if (run != null) {
      run.failure = context.exception();
    }
  }

  @Override
  public void end(ExecuteContext context) {
    Run run = run(context);
    if (run != null) {
      safely(() -> run.end.ended(run.roundTrips, Optional.ofNullable(run.failure)));
    }
  }

  private static void addOthers(ExecuteContext context) {
    Run run = run(context);
    if (run == null || run.roundTrips == 0) {
      return; // without a connection, perhaps
    }
    try {
      run.roundTrips += context.connection().unwrap(ActingConnection.class).takeRoundTrips();
    } catch (SQLException e) {
      // The caller's own connection, put into a derived configuration.
    }
  }

  private static @Nullable Run run(ExecuteContext context) {
    return (Run) context.data(Key.RUN);
  }

  private static String operation() {
    return WALKER.walk(Observed::operation);
  }

  /** The outermost method of an area before the stack leaves the library for the first time. */
  private static String operation(Stream<StackFrame> frames) {
    String found = OTHER;
    for (Iterator<StackFrame> all = frames.iterator(); all.hasNext(); ) {
      StackFrame frame = all.next();
      String type = frame.getClassName();
      if (!type.startsWith(LIBRARY)) {
        if (!type.startsWith("org.jooq.") && !type.startsWith("java.")) {
          return found;
        }
        continue;
      }
      int area = LIBRARY.length();
      int end = type.indexOf('.', area);
      if (end > 0 && !type.startsWith(MACHINERY) && !frame.getMethodName().contains("$")) {
        found = type.substring(area, end) + "." + frame.getMethodName();
      }
    }
    return found;
  }
}
