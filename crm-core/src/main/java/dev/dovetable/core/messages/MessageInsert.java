package dev.dovetable.core.messages;

import dev.dovetable.core.internal.sql.Times;
import dev.dovetable.core.jooq.tables.Messages;
import dev.dovetable.core.jooq.tables.records.MessagesRecord;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jooq.Field;
import org.jooq.InsertOnDuplicateStep;
import org.jooq.Record;
import org.jooq.Record4;
import org.jooq.Select;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/**
 * Internal: writes many messages in one statement, in which they are a table of one array per
 * column, so that the statement's text and its number of bound values are the same for any number
 * of them. Immutable and thread-safe.
 *
 * @hidden
 */
public final class MessageInsert {
  static final Field<Integer> POSITION = DSL.field(DSL.name("position"), Integer.class);
  static final Field<Integer> CUSTOMER_ID = DSL.field(DSL.name("customer_id"), Integer.class);
  private static final Field<String> TEXT = DSL.field(DSL.name("message"), String.class);
  private static final Field<String> DIRECTION = DSL.field(DSL.name("direction"), String.class);
  private static final Field<String> TIME = DSL.field(DSL.name("time"), String.class);

  private final Messages messages;

  /**
   * Internal: for the areas beside this one.
   *
   * @param messages the agent's own
   */
  public MessageInsert(Messages messages) {
    this.messages = messages;
  }

  /**
   * The rows with their position, counted from 0.
   *
   * @param rows the messages
   * @return a table
   */
  public static Table<Record> of(List<NewMessage> rows) {
    Field<Record> unnest =
        DSL.function(
            "unnest",
            SQLDataType.RECORD,
            DSL.val(array(rows, NewMessage::customerId, new Integer[0])),
            DSL.val(array(rows, NewMessage::text, new String[0])),
            DSL.val(array(rows, row -> MessageMapper.column(row.direction()), new String[0])),
            DSL.val(array(rows, MessageInsert::time, new String[0])),
            DSL.val(IntStream.range(0, rows.size()).boxed().toArray(Integer[]::new)));
    // jOOQ's own unnest() takes one array, and its withOrdinality() loses the columns.
    return DSL.table("{0}", unnest)
        .as(
            "wanted",
            CUSTOMER_ID.getName(),
            TEXT.getName(),
            DIRECTION.getName(),
            TIME.getName(),
            POSITION.getName());
  }

  /**
   * What goes into the columns of {@link #insert}; from the one table of the query.
   *
   * @return the values
   */
  public List<Field<?>> values() {
    Field<Instant> now =
        DSL.function(
            "timezone",
            messages.TIMESTAMP.getDataType(),
            DSL.inline("utc"),
            DSL.function("now", SQLDataType.INSTANT));
    return List.of(
        CUSTOMER_ID,
        TEXT,
        DIRECTION,
        DSL.coalesce(TIME.cast(messages.TIMESTAMP.getDataType()), now));
  }

  /**
   * The statement that writes what a query of {@link #values} gives.
   *
   * @param values the query
   * @return the statement
   */
  @SuppressWarnings("unchecked")
  public InsertOnDuplicateStep<MessagesRecord> insert(Select<? extends Record> values) {
    return DSL.insertInto(
            messages,
            messages.CUSTOMER_ID,
            messages.MESSAGE,
            messages.DIRECTION,
            messages.TIMESTAMP)
        .select((Select<Record4<Integer, String, String, Instant>>) values);
  }

  private static @Nullable String time(NewMessage row) {
    return row.timestamp().map(Times::text).orElse(null);
  }

  private static <T> T[] array(List<NewMessage> rows, Function<NewMessage, T> column, T[] type) {
    return rows.stream().map(column).toList().toArray(type);
  }
}
