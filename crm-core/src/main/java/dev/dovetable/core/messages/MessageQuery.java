package dev.dovetable.core.messages;

import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.QueryTemplate;
import dev.dovetable.core.internal.sql.SqlTemplate;
import dev.dovetable.core.internal.sql.Times;
import dev.dovetable.core.jooq.tables.Messages;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.Condition;
import org.jooq.QueryPart;
import org.jooq.Record5;
import org.jooq.Records;
import org.jooq.ResultQuery;
import org.jooq.Row2;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/**
 * Reads a part of some messages, in the order of their times. Immutable and thread-safe.
 *
 * @param customerId whose; empty for everybody's
 * @param span of what time; empty for all
 * @param oldestFirst in which direction
 */
record MessageQuery(Optional<Integer> customerId, Optional<Span> span, boolean oldestFirst) {
  private static final Messages M = Messages.MESSAGES.as("m");
  private static final Map<Shape, QueryTemplate<Message>> TEMPLATES = new ConcurrentHashMap<>();

  /**
   * A span of time.
   *
   * @param to its end, which is no part of it
   */
  record Span(Instant from, Instant to) {
    static Span of(Instant from, Instant to) {
      return new Span(Times.require(from, "from"), Times.require(to, "to"));
    }
  }

  /** A message in that order. */
  record Place(Instant timestamp, int id) {}

  /** What makes statements differ by more than values. */
  private record Shape(boolean ofCustomer, boolean inSpan, boolean oldestFirst, boolean after) {}

  List<Message> fetch(Session session, AgentIdentity agent, Optional<Place> after, int limit) {
    Map<String, QueryPart> values = new HashMap<>();
    customerId.ifPresent(id -> values.put("customer_id", DSL.val(id)));
    span.ifPresent(
        s -> {
          values.put("from", DSL.val(s.from(), M.TIMESTAMP));
          values.put("to", DSL.val(s.to(), M.TIMESTAMP));
        });
    after.ifPresent(
        place -> {
          values.put("timestamp", DSL.val(place.timestamp(), M.TIMESTAMP));
          values.put("id", DSL.val(place.id()));
        });
    values.put("limit", DSL.val(limit));
    return TEMPLATES
        .computeIfAbsent(
            new Shape(customerId.isPresent(), span.isPresent(), oldestFirst, after.isPresent()),
            each -> QueryTemplate.of(() -> query(each), Records.mapping(MessageMapper::messageOf)))
        .fetch(session.dsl(), agent, values);
  }

  private static ResultQuery<Record5<Integer, Integer, String, String, Instant>> query(
      Shape shape) {
    // The column may be null, and a message without a time has no place in a list by time.
    Condition which = M.TIMESTAMP.isNotNull();
    if (shape.ofCustomer()) {
      which = which.and(M.CUSTOMER_ID.eq(SqlTemplate.slot(M.CUSTOMER_ID)));
    }
    if (shape.inSpan()) {
      which =
          which
              .and(M.TIMESTAMP.ge(SqlTemplate.slot("from", M.TIMESTAMP.getDataType())))
              .and(M.TIMESTAMP.lt(SqlTemplate.slot("to", M.TIMESTAMP.getDataType())));
    }
    if (shape.after()) {
      Row2<Instant, Integer> place = DSL.row(M.TIMESTAMP, M.ID);
      Row2<Instant, Integer> last = DSL.row(SqlTemplate.slot(M.TIMESTAMP), SqlTemplate.slot(M.ID));
      which = which.and(shape.oldestFirst() ? place.gt(last) : place.lt(last));
    }
    return DSL.select(M.ID, M.CUSTOMER_ID, M.MESSAGE, M.DIRECTION, M.TIMESTAMP)
        .from(M)
        .where(which)
        .orderBy(
            shape.oldestFirst()
                ? List.of(M.TIMESTAMP.asc(), M.ID.asc())
                : List.of(M.TIMESTAMP.desc(), M.ID.desc()))
        .limit(SqlTemplate.slot("limit", SQLDataType.INTEGER));
  }
}
