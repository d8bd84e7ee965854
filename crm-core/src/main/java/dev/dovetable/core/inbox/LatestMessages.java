package dev.dovetable.core.inbox;

import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.internal.sql.Exists;
import dev.dovetable.core.internal.sql.QueryTemplate;
import dev.dovetable.core.internal.sql.SqlTemplate;
import dev.dovetable.core.internal.sql.Times;
import dev.dovetable.core.jooq.tables.Customers;
import dev.dovetable.core.jooq.tables.Messages;
import dev.dovetable.core.messages.MessageMapper;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.QueryPart;
import org.jooq.Record;
import org.jooq.impl.DSL;

/** The statement that lists conversations by their latest message. */
final class LatestMessages {
  /** How many messages are walked through at first, and then, for each conversation wanted. */
  private static final int[] MESSAGES_PER_CONVERSATION = {4, 64};

  private static final Customers C = Customers.CUSTOMERS.as("c");
  private static final Messages M = Messages.MESSAGES.as("m");
  private static final Field<Instant> LAST_TIME = SqlTemplate.slot(M.TIMESTAMP);
  private static final Field<Integer> LAST_ID = SqlTemplate.slot(M.ID);

  private LatestMessages() {}

  /** The first page. */
  static QueryTemplate<Conversation> first() {
    Condition none = DSL.noCondition();
    return template(
        () -> Map.of("is_after", none, "is_on_no_page_before", none, "is_last_after", none));
  }

  /** A later one, with slots {@code timestamp} and {@code id} for the last message before it. */
  static QueryTemplate<Conversation> next() {
    return template(
        () ->
            Map.of(
                "is_after", isAfter("m"),
                "is_on_no_page_before", isOnNoPageBefore(Messages.MESSAGES.as("f")),
                "is_last_after", isAfter("c")));
  }

  private static Condition isAfter(String times) {
    return DSL.row(Messages.MESSAGES.as(times).TIMESTAMP, M.ID).lt(LAST_TIME, LAST_ID);
  }

  private static Condition isOnNoPageBefore(Messages found) {
    Messages newer = Messages.MESSAGES.as("newer");
    return Exists.notIn(
        DSL.selectOne()
            .from(newer)
            .where(newer.CUSTOMER_ID.eq(found.CUSTOMER_ID))
            .and(DSL.row(newer.TIMESTAMP, newer.ID).ge(LAST_TIME, LAST_ID)));
  }

  private static QueryTemplate<Conversation> template(Supplier<Map<String, Condition>> conditions) {
    return QueryTemplate.ofFile(
        "inbox/latest_conversations.sql",
        conditions,
        List.of(
            C.ID,
            C.NAME,
            C.PHONE,
            C.CREATED_AT,
            M.ID,
            M.CUSTOMER_ID,
            M.MESSAGE,
            M.DIRECTION,
            M.TIMESTAMP),
        LatestMessages::conversation);
  }

  /**
   * What comes into the slots that say how many there are.
   *
   * @param wanted how many conversations
   */
  static Map<String, QueryPart> lengths(int wanted) {
    Map<String, QueryPart> parts = new HashMap<>();
    parts.put("wanted", DSL.inline(wanted));
    for (int i = 0; i < MESSAGES_PER_CONVERSATION.length; i++) {
      parts.put("length_" + i, DSL.inline(wanted * MESSAGES_PER_CONVERSATION[i]));
    }
    return parts;
  }

  private static Conversation conversation(Record row) {
    return new Conversation(
        new Customer(
            row.get(C.ID), row.get(C.NAME), row.get(C.PHONE), Times.orEpoch(row.get(C.CREATED_AT))),
        MessageMapper.message(row, M));
  }
}
