package dev.dovetable.core.internal.sql;

import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.schema.errors.CrmException;
import dev.dovetable.schema.internal.jdbc.SqlStates;
import java.sql.SQLException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** That a sequence gives no id that is free: it is behind the rows of its table, or used up. */
final class SequenceErrors {
  /** The primary keys that sequences give, of agents' own tables and of shared ones. */
  private static final Pattern KEY_OF_NUMBERED_TABLE =
      Pattern.compile(
          "(agents|whatsapp_configuration|unrouted_webhooks|webhook_news"
              + "|.+_(?:customers|messages|orders|orders_items))_pkey");

  private SequenceErrors() {}

  /**
   * Null if it is another failure.
   *
   * @param isCallers whether the statement is the caller's own, which may pass ids
   */
  static @Nullable CrmException translate(
      SQLException e, String subject, boolean isCallers, SQLException cause) {
    String state = e.getSQLState();
    if (SqlStates.SEQUENCE_USED_UP.equals(state)) {
      return SqlErrors.database(
          DatabaseException.Kind.NO_FREE_ID,
          "A sequence has given its last id, in a statement for " + subject + told(state),
          "The doctor names it: CAPACITY_IDS. If SEQUENCE_AHEAD says that somebody has used ids up,"
              + " set it back; else have it go on where ids are free.",
          cause);
    }
    String constraint =
        SqlStates.UNIQUE_VIOLATION.equals(state) ? ServerRoutines.constraint(e) : null;
    if (constraint == null || !KEY_OF_NUMBERED_TABLE.matcher(constraint).matches()) {
      return null;
    }
    String problem =
        "The id of a new row is taken, by "
            + constraint
            + ", in a statement for "
            + subject
            + told(state);
    String sequence =
        "the sequence is behind the rows, as after an import that passed ids: have the doctor set it"
            + " (SEQUENCE_BEHIND), or run select setval(pg_get_serial_sequence('<table>', 'id'),"
            + " (select max(id) from <table>));";
    return isCallers
        ? new InvalidDataException(
            InvalidDataException.Kind.NOT_UNIQUE,
            problem,
            "If the statement passes ids, pass others. If not, " + sequence,
            cause)
        : SqlErrors.database(
            DatabaseException.Kind.NO_FREE_ID,
            problem,
            Character.toUpperCase(sequence.charAt(0)) + sequence.substring(1),
            cause);
  }

  private static String told(String state) {
    return " (SQLSTATE " + state + ").";
  }
}
