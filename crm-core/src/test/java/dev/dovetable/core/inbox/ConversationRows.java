package dev.dovetable.core.inbox;

import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.deliveries.DeliveryState;
import dev.dovetable.core.messages.Message;
import dev.dovetable.core.messages.MessageDirection;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;

/**
 * An agent's conversations, written and read by the superuser, apart from all triggers: what a list
 * makes of any state, not how that comes about.
 */
record ConversationRows(PostgresDatabase database, String prefix) {
  static final List<UUID> PEOPLE =
      Stream.of("1", "2")
          .map(n -> UUID.fromString("00000000-0000-0000-0000-00000000000" + n))
          .toList();
  static final List<String> TAGS = List.of("many", "some", "nobody's");
  static final List<String> NUMBERS = List.of("1045901101", "1045901102");

  static final Comparator<InboxConversation> OLDEST_FIRST =
      Comparator.comparing((InboxConversation each) -> each.lastMessage().timestamp())
          .thenComparing(each -> each.lastMessage().id());

  /**
   * Makes customers with a message each, the first of them in the year before, some in one second,
   * and every tenth without one.
   *
   * @param seed for the states, which it sets at random
   */
  void fill(int customers, int seed) throws SQLException {
    run(
        """
        set session_replication_role = replica;
        select setseed(1.0 / {seed});
        with made as (
          insert into crm.{p}_customers (agent_id, name, phone)
          select a.id, 'C' || n, '' || n from crm.agents a, generate_series(1, {n}) as n
          where a.agent_prefix = '{p}'
          returning id, phone::integer as n
        ), told as (
          insert into crm.{p}_messages (customer_id, message, direction, timestamp)
          select id, 'm' || n, case when random() < 0.5 then 'inbound' else 'outbound' end,
            timestamp '2025-11-30' + interval '1 year' * n / {n} - interval '1 s' * (n % 3) * (n / 3 % 2)
          from made
          where n % 10 <> 0
          returning id, customer_id, direction, timestamp
        ), delivered as (
          insert into crm.{p}_whatsapp_deliveries (provider_id, message_id)
          select 'w' || id, id from told where id % 7 <> 0
        ), known as (
          insert into crm.{p}_whatsapp_statuses (provider_id, sent_at, read_at)
          select 'w' || id, timestamp, case when id % 2 = 0 then timestamp end from told where id % 5 <> 0
        ), tagged as (
          insert into crm.{p}_conversation_tags (customer_id, tag)
          select id, 'many' from made where n % 6 <> 0 union all select id, 'some' from made where n % 9 = 0
        )
        insert into crm.{p}_conversations (
          customer_id, last_message_at, last_message_id, last_inbound_at, last_inbound_id,
          phone_number_id, is_group, unread, waiting_since,
          set_status, set_up_to_at, set_up_to_id, snoozed_until, assignee, version
        )
        select m.id, t.timestamp, t.id,
          case when r.in_before then t.timestamp - interval '1 h' end, case when r.in_before then 0 end,
          case when r.number < 3 then '104590110' || r.number end, r.is_group,
          r.unread, case when r.unread > 0 then t.timestamp - interval '2 h' end,
          r.status, t.timestamp - interval '1 day' * (r.number - 2), t.id,
          case r.status when 'snoozed' then timezone('utc', now()) + interval '1 h' * case when r.is_over then -1 else 1 end end,
          case when r.assignee < 3 then ('00000000-0000-0000-0000-00000000000' || r.assignee)::uuid end, m.n
        from made m
        left join told t on t.customer_id = m.id
        cross join lateral (
          select random() < 0.7 as in_before, 1 + floor(random() * 3)::integer as number,
            random() < 0.1 as is_group, greatest(0, m.n * 0 + floor(random() * 6)::integer - 2) as unread,
            (array['open', 'snoozed', 'closed'])[1 + floor(random() * 3)::integer] as status,
            random() < 0.5 as is_over, 1 + floor(random() * 3)::integer as assignee
        ) as r;
        """
            .replace("{n}", "" + customers)
            .replace("{seed}", "" + seed));
  }

  void run(String sql) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql.replace("{p}", prefix));
    }
  }

  /** What no filter leaves out, oldest first. */
  List<InboxConversation> all() throws SQLException {
    List<InboxConversation> all = new ArrayList<>();
    try (Connection connection = database.dataSource().getConnection()) {
      DSL.using(connection, SQLDialect.POSTGRES)
          .fetch(
              """
              select k.id, k.name, k.phone, k.created_at, m.id as message_id, m.message, m.direction, m.timestamp,
                s.state, c.unread, c.waiting_since, c.last_inbound_at, c.status,
                c.snoozed_until, c.status = 'snoozed' and c.snoozed_until <= timezone('utc', now()) as is_over, c.assignee,
                c.phone_number_id, c.is_group, c.version,
                (select array_agg(t.tag order by t.tag) from crm.{p}_conversation_tags t where t.customer_id = k.id) as tags
              from crm.{p}_conversations c
              join crm.{p}_customers k on k.id = c.customer_id
              join crm.{p}_messages m on m.id = c.last_message_id
              left join crm.{p}_whatsapp_deliveries d on d.message_id = m.id and m.direction = 'outbound'
              left join crm.{p}_whatsapp_statuses s on s.provider_id = d.provider_id
              """
                  .replace("{p}", prefix))
          .forEach(row -> all.add(conversation(row)));
    }
    all.sort(OLDEST_FIRST);
    return all;
  }

  private static InboxConversation conversation(Record row) {
    return new InboxConversation(
        new Customer(
            row.get("id", int.class),
            row.get("name", String.class),
            row.get("phone", String.class),
            time(row, "created_at").orElseThrow()),
        new Message(
            row.get("message_id", int.class),
            row.get("id", int.class),
            row.get("message", String.class),
            MessageDirection.valueOf(upper(row.get("direction", String.class))),
            time(row, "timestamp").orElseThrow()),
        Optional.ofNullable(row.get("state", String.class))
            .map(state -> DeliveryState.valueOf(upper(state))),
        state(row));
  }

  private static ConversationState state(Record row) {
    boolean isOver = Boolean.TRUE.equals(row.get("is_over", Boolean.class));
    String[] tags = row.get("tags", String[].class);
    return new ConversationState(
        row.get("id", int.class),
        isOver
            ? ConversationStatus.OPEN
            : ConversationStatus.valueOf(upper(row.get("status", String.class))),
        row.get("status").equals("snoozed") && !isOver
            ? time(row, "snoozed_until")
            : Optional.empty(),
        Optional.ofNullable(row.get("assignee", UUID.class)),
        row.get("version", long.class),
        Optional.empty(),
        Optional.empty(),
        row.get("unread", int.class),
        OptionalInt.empty(),
        time(row, "waiting_since"),
        OptionalInt.of(row.get("message_id", int.class)),
        time(row, "timestamp"),
        time(row, "last_inbound_at"),
        Optional.empty(),
        Optional.ofNullable(row.get("phone_number_id", String.class)),
        row.get("is_group", boolean.class),
        tags == null ? List.of() : List.of(tags));
  }

  private static Optional<Instant> time(Record row, String column) {
    return Optional.ofNullable(row.get(column, LocalDateTime.class))
        .map(time -> time.toInstant(ZoneOffset.UTC));
  }

  private static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  /** Of how many the snooze is over. */
  private long over() throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      return DSL.using(connection, SQLDialect.POSTGRES)
          .fetchSingle(
              "select count(*) from crm.%s_conversations where status = 'snoozed' and last_message_id is not null and snoozed_until <= timezone('utc', now())"
                  .formatted(prefix))
          .get(0, long.class);
    }
  }

  /** Whether a filter lets it through. */
  static Predicate<InboxConversation> passes(ConversationFilter filter) {
    return each ->
        filter.status().map(each.state().status()::equals).orElse(true)
            && (!filter.isUnread() || each.state().unread() > 0)
            && (!filter.isUnassigned() || each.state().assignee().isEmpty())
            && filter
                .assignee()
                .map(user -> each.state().assignee().equals(Optional.of(user)))
                .orElse(true)
            && filter.tag().map(each.state().tags()::contains).orElse(true)
            && filter
                .phoneNumberId()
                .map(number -> each.state().phoneNumberId().equals(Optional.of(number)))
                .orElse(true)
            && filter.group().map(isGroup -> each.state().isGroup() == isGroup).orElse(true);
  }

  ConversationCounts counts(UUID me) throws SQLException {
    List<InboxConversation> all = all();
    Supplier<Stream<InboxConversation>> open =
        () -> all.stream().filter(each -> each.state().status() == ConversationStatus.OPEN);
    return new ConversationCounts(
        open.get().count(),
        open.get().filter(each -> each.state().unread() > 0).count(),
        open.get().mapToLong(each -> each.state().unread()).sum(),
        open.get().filter(each -> each.state().waitingSince().isPresent()).count(),
        open.get().filter(each -> each.state().assignee().isEmpty()).count(),
        open.get().filter(each -> each.state().assignee().equals(Optional.of(me))).count(),
        over(),
        all.stream().filter(each -> each.state().status() == ConversationStatus.SNOOZED).count());
  }
}
