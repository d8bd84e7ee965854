package dev.dovetable.core.messages;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.Cursor;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.Keyset;
import dev.dovetable.core.internal.sql.QueryTemplate;
import dev.dovetable.core.internal.sql.SqlTemplate;
import dev.dovetable.core.jooq.tables.Messages;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.OrderField;
import org.jooq.Records;
import org.jooq.impl.DSL;

/** Messages page by page, in either direction. Immutable and thread-safe. */
final class Timelines {
  private static final int FETCH_SIZE = 500;

  private static final Messages M = Messages.MESSAGES.as("m");
  private static final QueryTemplate<Message> FIND =
      QueryTemplate.of(
          () ->
              DSL.select(M.ID, M.CUSTOMER_ID, M.MESSAGE, M.DIRECTION, M.TIMESTAMP)
                  .from(M)
                  .where(M.ID.eq(SqlTemplate.slot(M.ID))),
          Records.mapping(MessageMapper::messageOf));

  private final Session session;
  private final AgentIdentity identity;
  private final Messages table;

  Timelines(Session session, AgentIdentity identity, Messages table) {
    this.session = session;
    this.identity = identity;
    this.table = table;
  }

  Optional<Message> find(int id) {
    return FIND.fetchOptional(session.dsl(), identity, Map.of("id", DSL.val(id)));
  }

  Page<Message> timeline(int customerId, PageRequest page) {
    return page(
        new MessageQuery(Optional.of(customerId), Optional.empty(), false),
        identity.timelineOf(customerId),
        page);
  }

  Page<Message> timelineOldestFirst(int customerId, PageRequest page) {
    return page(
        new MessageQuery(Optional.of(customerId), Optional.empty(), true),
        identity.timelineOf(customerId),
        page);
  }

  Page<Message> timelineBetween(int customerId, Instant from, Instant to, PageRequest page) {
    return page(
        new MessageQuery(
            Optional.of(customerId), Optional.of(MessageQuery.Span.of(from, to)), false),
        identity.timelineOf(customerId),
        page);
  }

  List<Message> latest(int customerId, PageRequest page) {
    List<Message> reversed = new ArrayList<>(timeline(customerId, page).items());
    Collections.reverse(reversed);
    return List.copyOf(reversed);
  }

  Stream<Message> stream() {
    return stream(DSL.noCondition(), List.of(table.ID));
  }

  Stream<Message> stream(int customerId) {
    return stream(table.CUSTOMER_ID.eq(customerId), List.of(table.TIMESTAMP, table.ID));
  }

  private Stream<Message> stream(Condition which, List<? extends OrderField<?>> order) {
    return session
        .dsl()
        .selectFrom(table)
        .where(which)
        .orderBy(order)
        .fetchSize(FETCH_SIZE)
        .fetchStream()
        .map(row -> MessageMapper.message(row, table));
  }

  Page<Message> all(PageRequest page) {
    return page(new MessageQuery(Optional.empty(), Optional.empty(), false), list(), page);
  }

  Page<Message> between(Instant from, Instant to, PageRequest page) {
    return page(
        new MessageQuery(Optional.empty(), Optional.of(MessageQuery.Span.of(from, to)), false),
        list(),
        page);
  }

  Page<FoundMessage> search(String text, MessageSearch where, PageRequest page) {
    return SearchQuery.fetch(session, identity, text, where, page);
  }

  Cursor placeOf(Message message) {
    return place(identity.timelineOf(requireNonNull(message, "message").customerId()), message);
  }

  long count() {
    return count(DSL.noCondition());
  }

  long count(int customerId) {
    return count(table.CUSTOMER_ID.eq(customerId));
  }

  private long count(Condition which) {
    return session.dsl().select(DSL.count()).from(table).where(which).fetchSingle().value1();
  }

  private String list() {
    return identity.prefix() + ".messages";
  }

  private static Cursor place(String list, Message message) {
    return Keyset.cursor(list, message.timestamp(), message.id());
  }

  private Page<Message> page(MessageQuery messages, String list, PageRequest page) {
    Optional<MessageQuery.Place> after =
        requireNonNull(page, "page")
            .after()
            .map(cursor -> Keyset.keys(cursor, list, 2))
            .map(
                keys ->
                    new MessageQuery.Place(
                        Keyset.toInstant(keys.get(0)), Keyset.toInt(keys.get(1))));
    List<Message> fetched = messages.fetch(session, identity, after, page.limit() + 1);
    return Keyset.page(fetched, page, last -> place(list, last));
  }
}
