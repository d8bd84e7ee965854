package dev.dovetable.core.internal.connection;

import dev.dovetable.core.internal.connection.ActingConnection.Single;
import dev.dovetable.core.internal.sql.SqlErrors;
import dev.dovetable.core.internal.sql.Subject;
import dev.dovetable.schema.errors.CrmException;
import java.sql.SQLException;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.jspecify.annotations.Nullable;

/**
 * Has every statement, the caller's own included, run as the actor in one round trip where that is
 * possible, and fail with an exception of this library. Immutable and thread-safe.
 */
public class StatementListener implements ExecuteListener {
  private static final long serialVersionUID = 1L;

  final transient Subject subject;

  private final transient Single statement;

  StatementListener(Subject subject, Single statement) {
    this.subject = subject;
    this.statement = statement;
  }

  /** A batch is several statements, which can't have the prelude in front of each. */
  @Override
  public final void prepareStart(ExecuteContext context) {
    if (context.batchMode() == ExecuteContext.BatchMode.NONE) {
      ActingConnection connection = connectionOf(context);
      if (connection != null) {
        connection.expect(statement);
      }
    }
  }

  /** What isn't committed yet is announced in vain here, and once more when it is. */
  @Override
  public void executeEnd(ExecuteContext context) {
    ActingConnection connection = connectionOf(context);
    if (connection != null && connection.source.announces() && Notices.isWrite(context.sql())) {
      connection.source.committed();
    }
  }

  @Override
  public final void exception(ExecuteContext context) {
    SQLException e = context.sqlException();
    if (e == null || context.exception() instanceof CrmException) {
      return; // thrown by this library, by jOOQ or by a converter: says already what it means
    }
    CrmException failure = SqlErrors.translate(e, subject, statement.isCallers());
    ActingConnection connection = connectionOf(context);
    if (connection != null) {
      connection.markFailed();
      failure = connection.source.located(failure);
    }
    context.exception(failure);
  }

  private static @Nullable ActingConnection connectionOf(ExecuteContext context) {
    try {
      return context.connection().unwrap(ActingConnection.class);
    } catch (SQLException e) {
      return null; // the caller's own connection, put into a derived configuration
    }
  }
}
