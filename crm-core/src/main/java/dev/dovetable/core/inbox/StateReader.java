package dev.dovetable.core.inbox;

import dev.dovetable.core.jooq.tables.ConversationTags;
import dev.dovetable.core.jooq.tables.Conversations;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** What is read of a conversation's row, and how. */
final class StateReader {
  static final Field<String> STATUS = DSL.field(DSL.name("present_status"), String.class);
  static final Field<String[]> TAGS = DSL.field(DSL.name("present_tags"), String[].class);

  private StateReader() {}

  /** The columns of a conversation, with its tags. */
  static List<Field<?>> columns(Conversations c, ConversationTags tags) {
    List<Field<?>> columns = new ArrayList<>(List.of(c.fields()));
    columns.add(status(c).as(STATUS));
    columns.add(
        DSL.field(
                "array({0})",
                String[].class,
                DSL.select(tags.TAG)
                    .from(tags)
                    .where(tags.CUSTOMER_ID.eq(c.CUSTOMER_ID))
                    .orderBy(tags.TAG))
            .as(TAGS));
    return columns;
  }

  /** What is snoozed is open once the snooze is over, without anybody's doing. */
  private static Field<String> status(Conversations c) {
    return DSL.field(
        "case when {0} <= timezone('utc', now()) then 'open' else {1} end",
        String.class, c.SNOOZED_UNTIL, c.STATUS);
  }

  static ConversationState state(Record row, Conversations c) {
    ConversationStatus status =
        ConversationStatus.valueOf(row.get(STATUS).toUpperCase(Locale.ROOT));
    return new ConversationState(
        row.get(c.CUSTOMER_ID),
        status,
        Optional.ofNullable(row.get(c.SNOOZED_UNTIL))
            .filter(until -> status == ConversationStatus.SNOOZED),
        Optional.ofNullable(row.get(c.ASSIGNEE)),
        row.get(c.VERSION),
        Optional.ofNullable(row.get(c.CHANGED_AT)),
        Optional.ofNullable(row.get(c.CHANGED_BY)),
        row.get(c.UNREAD),
        id(row.get(c.READ_UP_TO_ID)),
        Optional.ofNullable(row.get(c.WAITING_SINCE)),
        id(row.get(c.LAST_MESSAGE_ID)),
        Optional.ofNullable(row.get(c.LAST_MESSAGE_AT)),
        Optional.ofNullable(row.get(c.LAST_INBOUND_AT)),
        Optional.ofNullable(row.get(c.LAST_OUTBOUND_AT)),
        Optional.ofNullable(row.get(c.PHONE_NUMBER_ID)),
        row.get(c.IS_GROUP),
        List.of(row.get(TAGS)));
  }

  /** What the column of a status holds. */
  static String column(ConversationStatus status) {
    return status.name().toLowerCase(Locale.ROOT);
  }

  static OptionalInt id(@Nullable Integer id) {
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }
}
