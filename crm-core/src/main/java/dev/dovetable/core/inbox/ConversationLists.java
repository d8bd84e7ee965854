package dev.dovetable.core.inbox;

import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.deliveries.DeliveryState;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.Keyset;
import dev.dovetable.core.internal.sql.QueryTemplate;
import dev.dovetable.core.internal.sql.SqlFile;
import dev.dovetable.core.internal.sql.SqlTemplate;
import dev.dovetable.core.internal.sql.Times;
import dev.dovetable.core.jooq.tables.Conversations;
import dev.dovetable.core.jooq.tables.Customers;
import dev.dovetable.core.jooq.tables.Messages;
import dev.dovetable.core.jooq.tables.WhatsappStatuses;
import dev.dovetable.core.messages.MessageMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.QueryPart;
import org.jooq.Record;
import org.jooq.Row2;
import org.jooq.TableField;
import org.jooq.impl.DSL;

/** Conversations by what their state is. Immutable and thread-safe. */
final class ConversationLists {
  private static final Conversations C = Conversations.CONVERSATIONS.as("c");
  private static final Customers K = Customers.CUSTOMERS.as("k");
  private static final Messages M = Messages.MESSAGES.as("m");
  private static final WhatsappStatuses S = WhatsappStatuses.WHATSAPP_STATUSES.as("s");
  private static final Field<Instant> NOW =
      DSL.field("pg_catalog.timezone('utc', pg_catalog.now())", C.SNOOZED_UNTIL.getDataType());
  private static final String TAG_SLOT = "tag";

  private static final Map<Shape, QueryTemplate<Line>> LISTS = new ConcurrentHashMap<>();
  private static final QueryTemplate<ConversationCounts> COUNTS =
      QueryTemplate.ofFile(
          "inbox/conversation_counts.sql",
          Map::of,
          List.of(
              number("open"),
              number("unread"),
              number("unread_messages"),
              number("waiting"),
              number("unassigned"),
              number("mine"),
              number("snooze_over"),
              number("snoozed")),
          ConversationLists::counts);

  private final Session session;
  private final AgentIdentity identity;

  ConversationLists(Session session, AgentIdentity identity) {
    this.session = session;
    this.identity = identity;
  }

  /** What makes lists' statements differ by more than values. */
  private record Shape(
      Optional<ConversationStatus> status,
      boolean isUnread,
      boolean isUnassigned,
      boolean isAssigned,
      boolean isTagged,
      boolean isThroughNumber,
      Optional<Boolean> group,
      boolean oldestFirst,
      boolean after) {

    static Shape of(ConversationFilter filter, boolean oldestFirst, boolean after) {
      return new Shape(
          filter.status(),
          filter.isUnread(),
          filter.isUnassigned(),
          filter.assignee().isPresent(),
          filter.tag().isPresent(),
          filter.phoneNumberId().isPresent(),
          filter.group(),
          oldestFirst,
          after);
    }

    /** Whether what is closed is left out, so that the indexes without it will do. */
    boolean isOfWhatIsNotClosed() {
      return status.isPresent() && status.get() != ConversationStatus.CLOSED;
    }
  }

  Page<InboxConversation> list(ConversationFilter filter, boolean oldestFirst, PageRequest page) {
    String list = ConversationRepository.list(identity);
    Optional<List<String>> after = page.after().map(cursor -> Keyset.keys(cursor, list, 2));
    Map<String, QueryPart> values = new HashMap<>();
    values.put("wanted", DSL.inline(page.limit() + 1));
    filter.assignee().ifPresent(user -> values.put(C.ASSIGNEE.getName(), DSL.val(user)));
    filter.tag().ifPresent(tag -> values.put(TAG_SLOT, DSL.val(tag)));
    filter
        .phoneNumberId()
        .ifPresent(number -> values.put(C.PHONE_NUMBER_ID.getName(), DSL.val(number)));
    after.ifPresent(
        keys -> {
          values.put(
              C.LAST_MESSAGE_AT.getName(),
              DSL.val(Keyset.toInstant(keys.get(0)), C.LAST_MESSAGE_AT));
          values.put(C.LAST_MESSAGE_ID.getName(), DSL.val(Keyset.toInt(keys.get(1))));
        });
    List<Line> fetched =
        LISTS
            .computeIfAbsent(
                Shape.of(filter, oldestFirst, after.isPresent()), ConversationLists::template)
            .fetch(session.dsl(), identity, values);
    Page<Line> part = Keyset.page(fetched, page, last -> Keyset.cursor(list, last.at(), last.id()));
    return new Page<>(
        part.items().stream().flatMap(line -> line.shown().stream()).toList(), part.next());
  }

  /**
   * A conversation that was found.
   *
   * @param at the time of its place in the list
   * @param id the message of its place in the list
   * @param shown the conversation; empty if all its messages are gone, which isn't counted yet
   */
  private record Line(Instant at, int id, Optional<InboxConversation> shown) {}

  ConversationCounts counts() {
    return COUNTS.fetchSingle(session.dsl(), identity, Map.of());
  }

  private static QueryTemplate<Line> template(Shape shape) {
    List<Field<?>> columns =
        new ArrayList<>(
            List.of(
                K.ID,
                K.NAME,
                K.PHONE,
                K.CREATED_AT,
                M.ID,
                M.CUSTOMER_ID,
                M.MESSAGE,
                M.DIRECTION,
                M.TIMESTAMP,
                S.STATE));
    columns.addAll(List.of(C.fields()));
    columns.addAll(List.of(StateReader.STATUS, StateReader.TAGS));
    return QueryTemplate.ofFile(
        "inbox/conversations.sql", () -> parts(shape), columns, ConversationLists::line);
  }

  /** In this order: the first one has slots for the others. */
  private static Map<String, QueryPart> parts(Shape shape) {
    Map<String, QueryPart> parts = new LinkedHashMap<>();
    parts.put(
        "found",
        DSL.raw(SqlFile.text(shape.isTagged() ? "inbox/found_tagged.sql" : "inbox/found.sql")));
    parts.put("columns", DSL.list(C.fields()));
    parts.put("indexed", indexed(shape));
    parts.put("is_after", isAfter(shape));
    parts.put("filter", filter(shape));
    parts.put("order", DSL.raw(shape.oldestFirst() ? "asc" : "desc"));
    return parts;
  }

  /** What leads the planner to an index in the order of the list that holds little else. */
  private static Condition indexed(Shape shape) {
    Condition isNotClosed = C.STATUS.ne(DSL.inline(StateReader.column(ConversationStatus.CLOSED)));
    if (shape.isOfWhatIsNotClosed() && shape.isAssigned()) {
      return isNotClosed.and(C.ASSIGNEE.eq(SqlTemplate.slot(C.ASSIGNEE)));
    }
    if (shape.isUnread()) {
      return C.UNREAD.gt(DSL.inline(0));
    }
    return shape.isOfWhatIsNotClosed() ? isNotClosed : DSL.noCondition();
  }

  /** All that is asked for but the tag, which has a statement of its own. */
  private static Condition filter(Shape shape) {
    Condition all = shape.status().map(ConversationLists::isIn).orElse(DSL.trueCondition());
    if (shape.isUnread()) {
      all = all.and(C.UNREAD.gt(DSL.inline(0)));
    }
    if (shape.isUnassigned()) {
      all = all.and(C.ASSIGNEE.isNull());
    }
    if (shape.isAssigned()) {
      all = all.and(C.ASSIGNEE.eq(SqlTemplate.slot(C.ASSIGNEE)));
    }
    if (shape.isThroughNumber()) {
      all = all.and(C.PHONE_NUMBER_ID.eq(SqlTemplate.slot(C.PHONE_NUMBER_ID)));
    }
    return shape
        .group()
        .map(isGroup -> isGroup ? DSL.condition(C.IS_GROUP) : DSL.not(C.IS_GROUP))
        .map(all::and)
        .orElse(all);
  }

  /** A snooze that is over is open: nothing writes that down. */
  private static Condition isIn(ConversationStatus status) {
    Condition isSaid = C.STATUS.eq(DSL.inline(StateReader.column(status)));
    Condition isSnoozed = C.STATUS.eq(DSL.inline(StateReader.column(ConversationStatus.SNOOZED)));
    return switch (status) {
      case OPEN -> isSaid.or(isSnoozed.and(C.SNOOZED_UNTIL.le(NOW)));
      case SNOOZED -> isSaid.and(C.SNOOZED_UNTIL.gt(NOW));
      case CLOSED -> isSaid;
    };
  }

  private static Condition isAfter(Shape shape) {
    if (!shape.after()) {
      return DSL.noCondition();
    }
    Row2<Instant, Integer> place = DSL.row(C.LAST_MESSAGE_AT, C.LAST_MESSAGE_ID);
    Row2<Instant, Integer> last =
        DSL.row(unforeseen(C.LAST_MESSAGE_AT), unforeseen(C.LAST_MESSAGE_ID));
    return shape.oldestFirst() ? place.gt(last) : place.lt(last);
  }

  /**
   * A value as a sub-select, of which nothing can be told when the statement is planned: else some
   * values seem to take so much less that each run is planned anew, which takes as long as itself.
   */
  private static <T> Field<T> unforeseen(TableField<?, T> column) {
    return DSL.field("(select {0})", column.getDataType(), SqlTemplate.slot(column));
  }

  private static Field<Long> number(String name) {
    return DSL.field(DSL.name(name), Long.class);
  }

  private static ConversationCounts counts(Record row) {
    return new ConversationCounts(
        row.get("open", Long.class),
        row.get("unread", Long.class),
        row.get("unread_messages", Long.class),
        row.get("waiting", Long.class),
        row.get("unassigned", Long.class),
        row.get("mine", Long.class),
        row.get("snooze_over", Long.class),
        row.get("snoozed", Long.class));
  }

  private static Line line(Record row) {
    return new Line(
        row.get(C.LAST_MESSAGE_AT),
        row.get(C.LAST_MESSAGE_ID),
        row.get(K.ID) == null || row.get(M.ID) == null
            ? Optional.empty()
            : Optional.of(conversation(row)));
  }

  private static InboxConversation conversation(Record row) {
    return new InboxConversation(
        new Customer(
            row.get(K.ID), row.get(K.NAME), row.get(K.PHONE), Times.orEpoch(row.get(K.CREATED_AT))),
        MessageMapper.message(row, M),
        Optional.ofNullable(row.get(S.STATE))
            .map(state -> DeliveryState.valueOf(state.toUpperCase(Locale.ROOT))),
        StateReader.state(row, C));
  }
}
