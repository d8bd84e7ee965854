package dev.dovetable.core.internal.connection;

import dev.dovetable.core.internal.sql.SqlErrors;
import dev.dovetable.core.internal.sql.Subject;
import dev.dovetable.schema.errors.CrmException;
import java.sql.SQLException;
import java.util.List;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.jspecify.annotations.Nullable;

/**
 * Has every statement, the caller's own included, run as the actor in one round trip where that is
 * possible, and fail with an exception of this library. Immutable and thread-safe.
 */
public final class StatementListener implements ExecuteListener {
  private static final long serialVersionUID = 1L;

  private final transient Subject subject;

  /** What runs ahead of each statement, after the prelude. */
  private final transient List<String> first;

  StatementListener(Subject subject) {
    this(subject, List.of());
  }

  private StatementListener(Subject subject, List<String> first) {
    this.subject = subject;
    this.first = first;
  }

  /** The same, with a query ahead of each statement, in the same transaction and round trip. */
  StatementListener after(String query) {
    return new StatementListener(subject, List.of(query));
  }

  /** A batch is several statements, which can't have the prelude in front of each. */
  @Override
  public void prepareStart(ExecuteContext context) {
    if (context.batchMode() == ExecuteContext.BatchMode.NONE) {
      ActingConnection connection = acting(context);
      if (connection != null) {
        connection.expectSingle(first);
      }
    }
  }

  @Override
  public void exception(ExecuteContext context) {
    SQLException e = context.sqlException();
    if (e == null || context.exception() instanceof CrmException) {
      return; // thrown by this library, by jOOQ or by a converter: says already what it means
    }
    ActingConnection connection = acting(context);
    if (connection != null) {
      connection.markFailed();
    }
    context.exception(SqlErrors.translate(e, subject));
  }

  private static @Nullable ActingConnection acting(ExecuteContext context) {
    try {
      return context.connection().unwrap(ActingConnection.class);
    } catch (SQLException e) {
      return null; // the caller's own connection, put into a derived configuration
    }
  }
}
