package dev.dovetable.core.messages;

import dev.dovetable.core.internal.sql.Times;
import dev.dovetable.core.jooq.tables.Messages;
import java.time.Instant;
import java.util.Locale;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/**
 * Internal: rows of an agent's messages. Takes the table as it is named or aliased in the query.
 *
 * @hidden
 */
public final class MessageMapper {

  private MessageMapper() {}

  /**
   * As the column has it.
   *
   * @param direction which way a message went
   * @return the column's text
   */
  public static String column(MessageDirection direction) {
    return direction.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Internal: reads a row.
   *
   * @param row a row
   * @param t the table as the query names it
   * @return what is in it
   */
  public static Message message(Record row, Messages t) {
    return messageOf(
        row.get(t.ID),
        row.get(t.CUSTOMER_ID),
        row.get(t.MESSAGE),
        row.get(t.DIRECTION),
        row.get(t.TIMESTAMP));
  }

  static Message messageOf(
      int id, int customerId, String text, String direction, @Nullable Instant timestamp) {
    return new Message(
        id,
        customerId,
        text,
        MessageDirection.valueOf(direction.toUpperCase(Locale.ROOT)),
        Times.orEpoch(timestamp));
  }
}
