package dev.dovetable.core.internal.sql;

import dev.dovetable.core.common.RefusedException;
import dev.dovetable.schema.internal.jdbc.SqlStates;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** SQLSTATEs that our own functions raise, for {@link SqlErrors}. */
final class RaisedErrors {
  private RaisedErrors() {}

  /** Null if it is none. */
  static @Nullable RefusedException translate(String state, String subject, SQLException cause) {
    return switch (state) {
      case SqlStates.NOT_READ_COMMITTED ->
          new RefusedException(
              RefusedException.Reason.NOT_READ_COMMITTED,
              "What is for "
                  + subject
                  + " must see what others commit meanwhile, in a transaction that is READ COMMITTED.",
              "Use connections whose default isolation is READ COMMITTED.",
              cause);
      case SqlStates.NOT_A_COLLEAGUE ->
          new RefusedException(
              RefusedException.Reason.NOT_A_COLLEAGUE,
              "A conversation was to be assigned to somebody else in a statement for "
                  + subject
                  + SqlErrors.because(cause)
                  + ".",
              "Assign it to the agent's user or to a member: crm.asService().agents().members(…)"
                  + " has them.",
              cause);
      case SqlStates.CHANGES_LOST ->
          new RefusedException(
              RefusedException.Reason.CHANGES_LOST,
              "What has changed since cannot be told any more for "
                  + subject
                  + SqlErrors.because(cause)
                  + ".",
              "Look at everything anew, and go on from changes().now(), or restart() the consumer. If"
                  + " the database was restored from a dump, have the service rotate() once.",
              cause);
      case SqlStates.CHANGES_NOT_REGISTERED ->
          new RefusedException(
              RefusedException.Reason.CHANGES_NOT_REGISTERED,
              "There is no feed of changes for " + subject + SqlErrors.because(cause) + ".",
              "Run at every start, after CrmSchema.install:"
                  + " AgentMigrations.of(ChangeFeed.extension()).run(dataSource);",
              cause);
      case SqlStates.TOO_MANY_CONSUMERS ->
          new RefusedException(
              RefusedException.Reason.TOO_MANY_CONSUMERS,
              "There are too many consumers of changes for "
                  + subject
                  + SqlErrors.because(cause)
                  + ".",
              "Remove those that nobody needs, changes().consumer(…).remove(), or take as the"
                  + " service, which has no bound.",
              cause);
      default -> null;
    };
  }
}
