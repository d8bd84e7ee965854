package dev.dovetable.core.internal.connection;

import dev.dovetable.core.internal.connection.ActingConnection.Single;
import dev.dovetable.core.internal.sql.Subject;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.jooq.DSLContext;
import org.jooq.ExecuteContext;
import org.jooq.Query;
import org.jooq.conf.ParamType;
import org.jooq.conf.Settings;
import org.jooq.conf.SettingsTools;
import org.jooq.conf.StatementType;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Also logs each statement at DEBUG: whom it was for, how many rows, how long, its text with
 * placeholders. Never a bound value, and nothing of the prelude. Immutable and thread-safe.
 */
public final class SqlLog extends StatementListener {
  static final String NAME = "dev.dovetable.core.sql";

  private static final long serialVersionUID = 1L;
  private static final Logger log = LoggerFactory.getLogger(NAME);

  /** In the context's own data, which lasts as long as the statement. */
  private enum Key {
    RUN
  }

  private static final class Run {
    final long start = System.nanoTime();
    long nanos = -1;
    int rows;
  }

  SqlLog(Subject subject, Single statement) {
    super(subject, statement);
  }

  static boolean isOn() {
    return log.isDebugEnabled();
  }

  @Override
  public void executeStart(ExecuteContext context) {
    context.data(Key.RUN, new Run());
  }

  @Override
  public void executeEnd(ExecuteContext context) {
    super.executeEnd(context);
    Run run = run(context);
    if (run != null) {
      run.nanos = System.nanoTime() - run.start;
    }
  }

  @Override
  public void recordEnd(ExecuteContext context) {
    Run run = run(context);
    if (run != null) {
      run.rows++;
    }
  }

  @Override
  public void end(ExecuteContext context) {
    Run run = run(context);
    if (run == null) {
      return;
    }
    long nanos = run.nanos < 0 ? System.nanoTime() - run.start : run.nanos;
    log.debug(
        "{}: {} in {} ms: {}",
        subject.name(),
        outcome(context, run),
        TimeUnit.NANOSECONDS.toMillis(nanos),
        text(context));
  }

  private static @Nullable Run run(ExecuteContext context) {
    return (Run) context.data(Key.RUN);
  }

  private static String outcome(ExecuteContext context, Run run) {
    SQLException failure = context.sqlException();
    if (failure != null) {
      return "SQLSTATE " + failure.getSQLState();
    }
    if (context.batchMode() != ExecuteContext.BatchMode.NONE) {
      return "a batch"; // jOOQ keeps the counts of some batches only
    }
    int rows = Math.max(run.rows, context.rows());
    return rows == 1 ? "1 row" : rows + " rows";
  }

  /**
   * Rendered anew: jOOQ puts the values into the text that it sends if there are more of them than
   * the protocol allows, or if a caller has asked for static statements.
   */
  private static String text(ExecuteContext context) {
    Settings settings =
        SettingsTools.clone(context.settings())
            .withStatementType(StatementType.PREPARED_STATEMENT)
            .withParamType(ParamType.INDEXED)
            .withRenderFormatted(false);
    DSLContext dsl = DSL.using(context.configuration().derive(settings));
    Query query = context.query();
    if (query != null) {
      return dsl.render(query);
    }
    if (context.routine() != null) {
      return dsl.render(context.routine());
    }
    Query[] batch = context.batchQueries();
    return batch.length == 0
        ? "(no text)"
        : dsl.render(batch[0]) + (batch.length == 1 ? "" : " and " + (batch.length - 1) + " more");
  }
}
