package dev.dovetable.core.messages;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.Keyset;
import dev.dovetable.core.internal.sql.QueryTemplate;
import dev.dovetable.core.internal.sql.SearchRequired;
import dev.dovetable.core.internal.sql.Texts;
import dev.dovetable.core.jooq.tables.Messages;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.QueryPart;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** Finds messages by their words, newest first. Immutable and thread-safe. */
final class SearchQuery {
  private static final Messages M = Messages.MESSAGES.as("m");
  private static final QueryTemplate<Message> SEARCH =
      QueryTemplate.ofFile(
          "messages/search.sql",
          Map::of,
          List.of(M.ID, M.CUSTOMER_ID, M.MESSAGE, M.DIRECTION, M.TIMESTAMP),
          (Record row) -> MessageMapper.message(row, M));

  private SearchQuery() {}

  static Page<FoundMessage> fetch(
      Session session, AgentIdentity agent, String text, MessageSearch where, PageRequest page) {
    Texts.require(text, "text");
    requireNonNull(where, "where");
    String list = agent.prefix() + ".search";
    Optional<List<String>> after =
        requireNonNull(page, "page").after().map(cursor -> Keyset.keys(cursor, list, 2));
    Map<String, QueryPart> values = new HashMap<>();
    values.put("search_messages", DSL.name(agent.schema(), "search_messages"));
    values.put("prefix", DSL.val(agent.prefix()));
    values.put("text", DSL.val(text));
    values.put("customer", value(where.customerId(), SQLDataType.INTEGER));
    values.put("from", time(where.from()));
    values.put("to", time(where.to()));
    values.put("timestamp", time(after.map(keys -> Keyset.toInstant(keys.get(0)))));
    values.put("id", value(after.map(keys -> Keyset.toInt(keys.get(1))), SQLDataType.INTEGER));
    values.put("limit", DSL.val(page.limit() + 1));
    Highlights highlights = Highlights.of(text);
    List<FoundMessage> fetched =
        SearchRequired.run(agent, () -> SEARCH.fetch(session.dsl(), agent, values)).stream()
            .map(message -> new FoundMessage(message, highlights.in(message.text())))
            .toList();
    return Keyset.page(
        fetched,
        page,
        last -> Keyset.cursor(list, last.message().timestamp(), last.message().id()));
  }

  private static Field<Instant> time(Optional<Instant> time) {
    return value(time, M.TIMESTAMP.getDataType());
  }

  private static <T> Field<T> value(Optional<T> value, DataType<T> type) {
    return value.<Field<T>>map(one -> DSL.val(one, type)).orElseGet(() -> DSL.castNull(type));
  }
}
