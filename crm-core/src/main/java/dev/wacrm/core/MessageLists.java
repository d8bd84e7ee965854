package dev.wacrm.core;

import static java.util.Objects.requireNonNull;

import dev.wacrm.core.jooq.tables.Messages;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.OrderField;
import org.jooq.Records;
import org.jooq.Row2;
import org.jooq.impl.DSL;

/** Messages page by page, in either direction. Immutable and thread-safe. */
final class MessageLists {
  private static final int FETCH_SIZE = 500;

  private final Session session;
  private final String prefix;
  private final Messages table;

  MessageLists(Session session, String prefix, Messages table) {
    this.session = session;
    this.prefix = prefix;
    this.table = table;
  }

  Page<Message> timeline(int customerId, PageRequest page) {
    return page(table.CUSTOMER_ID.eq(customerId), timeline(customerId), page, false);
  }

  Page<Message> timelineOldestFirst(int customerId, PageRequest page) {
    return page(table.CUSTOMER_ID.eq(customerId), timeline(customerId), page, true);
  }

  Page<Message> timelineBetween(int customerId, Instant from, Instant to, PageRequest page) {
    return page(
        table.CUSTOMER_ID.eq(customerId).and(in(from, to)), timeline(customerId), page, false);
  }

  List<Message> latest(int customerId, PageRequest page) {
    List<Message> reversed = new ArrayList<>(timeline(customerId, page).items());
    Collections.reverse(reversed);
    return List.copyOf(reversed);
  }

  Stream<Message> stream(Condition which, List<? extends OrderField<?>> order) {
    return session
        .dsl()
        .selectFrom(table)
        .where(which)
        .orderBy(order)
        .fetchSize(FETCH_SIZE)
        .fetchStream()
        .map(row -> Rows.message(row, table));
  }

  Page<Message> all(PageRequest page) {
    return page(DSL.noCondition(), prefix + ".messages", page, false);
  }

  Page<Message> between(Instant from, Instant to, PageRequest page) {
    return page(in(from, to), prefix + ".messages", page, false);
  }

  Cursor placeOf(Message message) {
    return place(timeline(message.customerId()), message);
  }

  long count(Condition which) {
    return session.dsl().select(DSL.count()).from(table).where(which).fetchSingle().value1();
  }

  private String timeline(int customerId) {
    return prefix + ".timeline." + customerId;
  }

  private Condition in(Instant from, Instant to) {
    return table.TIMESTAMP.ge(from).and(table.TIMESTAMP.lt(to));
  }

  private static Cursor place(String list, Message message) {
    return Cursor.of(list, message.timestamp(), message.id());
  }

  private Page<Message> page(Condition which, String list, PageRequest page, boolean oldestFirst) {
    Row2<Instant, Integer> place = DSL.row(table.TIMESTAMP, table.ID);
    Condition rest =
        requireNonNull(page, "page")
            .after()
            .map(cursor -> cursor.keys(list, 2))
            .map(
                keys -> {
                  Instant time = Cursor.toInstant(keys.get(0));
                  int id = Cursor.toInt(keys.get(1));
                  return oldestFirst ? place.gt(time, id) : place.lt(time, id);
                })
            .orElse(DSL.noCondition());
    List<Message> fetched =
        session
            .dsl()
            .select(table.ID, table.CUSTOMER_ID, table.MESSAGE, table.DIRECTION, table.TIMESTAMP)
            .from(table)
            .where(which)
            .and(rest)
            // The column may be null, and a message without a time has no place in a list by time.
            .and(table.TIMESTAMP.isNotNull())
            .orderBy(
                oldestFirst
                    ? List.of(table.TIMESTAMP.asc(), table.ID.asc())
                    : List.of(table.TIMESTAMP.desc(), table.ID.desc()))
            .limit(page.limit() + 1)
            .fetch(Records.mapping(Rows::messageOf));
    return Page.of(fetched, page, last -> place(list, last));
  }
}
