package dev.dovetable.core.deliveries;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.Keyset;
import dev.dovetable.core.internal.sql.QueryTemplate;
import dev.dovetable.core.internal.sql.SqlFile;
import dev.dovetable.core.internal.sql.SqlTemplate;
import dev.dovetable.core.jooq.tables.Messages;
import dev.dovetable.core.jooq.tables.WhatsappDeliveries;
import dev.dovetable.core.messages.MessageDirection;
import dev.dovetable.core.messages.MessageMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.QueryPart;
import org.jooq.Record;
import org.jooq.Row2;
import org.jooq.impl.DSL;

/** What is known of many messages in one statement. Immutable and thread-safe. */
final class DeliveryLists {
  private static final int MAX_AT_ONCE = 1000;

  private static final Messages M = Messages.MESSAGES.as("m");
  private static final Messages Q = Messages.MESSAGES.as("q");
  private static final WhatsappDeliveries D = DetailsReader.D;
  private static final Field<JSONB> FOUND = DSL.field(DSL.name("found"), JSONB.class);

  private static final QueryTemplate<Map.Entry<Integer, Delivery>> FIND =
      QueryTemplate.ofFile(
          "deliveries/find.sql",
          () -> Map.of("delivery", delivery()),
          List.of(M.ID, FOUND),
          row -> Map.entry(row.get(M.ID), DeliveryReader.of(row.get(FOUND))));
  private static final QueryTemplate<Map.Entry<Integer, MessageDetails>> DETAILS =
      QueryTemplate.of(
          () ->
              DSL.select(D.MESSAGE_ID)
                  .select(DetailsReader.COLUMNS)
                  .from(D)
                  .where("{0} = any ({1})", D.MESSAGE_ID, DSL.raw("{ids}"))
                  .and(D.KIND.isNotNull()),
          row -> Map.entry(row.get(D.MESSAGE_ID), DetailsReader.of(row).orElseThrow()));
  private static final QueryTemplate<Optional<String>> NUMBER_FOR_ANSWER =
      QueryTemplate.ofFile(
          "deliveries/number_for_answer.sql",
          Map::of,
          List.of(DSL.field(DSL.name("number"), String.class)),
          row -> Optional.ofNullable(row.get(0, String.class)));
  private static final Map<Shape, QueryTemplate<TimelineMessage>> TIMELINES =
      new ConcurrentHashMap<>();

  private final Session session;
  private final AgentIdentity identity;

  DeliveryLists(Session session, AgentIdentity identity) {
    this.session = session;
    this.identity = identity;
  }

  /** What makes timelines' statements differ by more than values. */
  private record Shape(boolean oldestFirst, boolean after) {}

  Map<Integer, Delivery> find(Collection<Integer> messageIds) {
    return byId(FIND, messageIds);
  }

  Map<Integer, MessageDetails> details(Collection<Integer> messageIds) {
    return byId(DETAILS, messageIds);
  }

  private <T> Map<Integer, T> byId(
      QueryTemplate<Map.Entry<Integer, T>> statement, Collection<Integer> messageIds) {
    Integer[] ids = messageIds.stream().distinct().toArray(Integer[]::new);
    if (ids.length > MAX_AT_ONCE) {
      throw new InvalidDataException(
          InvalidDataException.Kind.OUT_OF_BOUNDS,
          "There are " + ids.length + " ids.",
          "Ask for at most " + MAX_AT_ONCE + " at a time.");
    }
    if (ids.length == 0) {
      return Map.of();
    }
    return statement.fetch(session.dsl(), identity, Map.of("ids", DSL.val(ids))).stream()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  Optional<String> numberForAnswer(int customerId) {
    return NUMBER_FOR_ANSWER
        .fetch(
            session.dsl(),
            identity,
            Map.of(
                "customer",
                DSL.val(customerId),
                "number_for_answer",
                identity.base().internal("number_for_answer"),
                "agent",
                DSL.inline(identity.prefix())))
        .stream()
        .findFirst()
        .flatMap(Function.identity());
  }

  /** Whoever is signed in, if they have sent it. */
  static Field<UUID> sender(Messages message) {
    return DSL.when(
        message.DIRECTION.eq(DSL.inline(MessageMapper.column(MessageDirection.OUTBOUND))),
        DSL.field("{0}()", UUID.class, DSL.name("auth", "uid")));
  }

  Page<TimelineMessage> timeline(int customerId, boolean oldestFirst, PageRequest page) {
    String list = identity.timelineOf(customerId);
    Optional<List<String>> after =
        requireNonNull(page, "page").after().map(cursor -> Keyset.keys(cursor, list, 2));
    Map<String, QueryPart> values = new HashMap<>();
    values.put("customer_id", DSL.val(customerId));
    values.put("limit", DSL.val(page.limit() + 1));
    after.ifPresent(
        keys -> {
          values.put("timestamp", DSL.val(Keyset.toInstant(keys.get(0)), M.TIMESTAMP));
          values.put("id", DSL.val(Keyset.toInt(keys.get(1))));
        });
    List<TimelineMessage> fetched =
        TIMELINES
            .computeIfAbsent(new Shape(oldestFirst, after.isPresent()), DeliveryLists::timeline)
            .fetch(session.dsl(), identity, values);
    return Keyset.page(
        fetched,
        page,
        last -> Keyset.cursor(list, last.message().timestamp(), last.message().id()));
  }

  private static QueryTemplate<TimelineMessage> timeline(Shape shape) {
    List<Field<?>> columns = new ArrayList<>();
    for (Messages each : List.of(M, Q)) {
      columns.addAll(
          List.of(each.ID, each.CUSTOMER_ID, each.MESSAGE, each.DIRECTION, each.TIMESTAMP));
    }
    columns.addAll(DetailsReader.COLUMNS);
    columns.add(FOUND);
    return QueryTemplate.ofFile(
        "deliveries/timeline.sql",
        () ->
            Map.of(
                "is_after", isAfter(shape),
                "order", DSL.raw(shape.oldestFirst() ? "asc" : "desc"),
                "details", DSL.list(DetailsReader.COLUMNS.toArray(QueryPart[]::new)),
                "delivery", delivery()),
        columns,
        DeliveryLists::timelineMessage);
  }

  private static Condition isAfter(Shape shape) {
    if (!shape.after()) {
      return DSL.noCondition();
    }
    Row2<Instant, Integer> place = DSL.row(M.TIMESTAMP, M.ID);
    Row2<Instant, Integer> last = DSL.row(SqlTemplate.slot(M.TIMESTAMP), SqlTemplate.slot(M.ID));
    return shape.oldestFirst() ? place.gt(last) : place.lt(last);
  }

  private static QueryPart delivery() {
    return DSL.raw(SqlFile.text("deliveries/delivery.sql"));
  }

  private static TimelineMessage timelineMessage(Record row) {
    return new TimelineMessage(
        MessageMapper.message(row, M),
        DetailsReader.of(row),
        Optional.ofNullable(row.get(FOUND)).map(DeliveryReader::of),
        row.get(Q.ID) == null ? Optional.empty() : Optional.of(MessageMapper.message(row, Q)));
  }
}
