package dev.dovetable.core.inbox;

import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** Computes the state of conversations from all messages, and compares it with what is kept. */
final class StateOracle {
  private final Map<Integer, Row> kept = new HashMap<>();
  private final Map<Integer, List<Message>> messages = new HashMap<>();
  private final List<Integer> customers;
  private final List<Integer> groups;
  private final int marks;

  private record Position(LocalDateTime at, int id) implements Comparable<Position> {
    @Override
    public int compareTo(Position other) {
      return Comparator.comparing(Position::at).thenComparing(Position::id).compare(this, other);
    }

    /** Where the clocks of customers and servers are compared. */
    Position second() {
      return new Position(at.truncatedTo(ChronoUnit.SECONDS), id);
    }
  }

  private record Message(Position position, boolean isInbound, @Nullable String number) {}

  private record Row(
      @Nullable Position last,
      @Nullable Position inbound,
      @Nullable Position outbound,
      @Nullable String number,
      boolean isGroup,
      int unread,
      @Nullable LocalDateTime waitingSince,
      String status) {}

  private record Marks(@Nullable Position readUpTo, String setStatus, @Nullable Position setUpTo) {}

  private final Map<Integer, Marks> set = new HashMap<>();

  private StateOracle(List<Integer> customers, List<Integer> groups, int marks) {
    this.customers = customers;
    this.groups = groups;
    this.marks = marks;
  }

  static StateOracle read(DSLContext dsl, String prefix) {
    String p = "crm." + prefix;
    StateOracle oracle =
        new StateOracle(
            dsl.fetch("select id from " + p + "_customers").getValues(0, Integer.class),
            dsl.fetch(
                    "select customer_id from "
                        + p
                        + "_whatsapp_sightings where kind = 'group' and customer_id is not null")
                .getValues(0, Integer.class),
            dsl.fetchCount(org.jooq.impl.DSL.table(p + "_conversation_marks")));
    for (Record m :
        dsl.fetch(
            "select m.id, m.customer_id, m.direction, m.timestamp, d.phone_number_id from "
                + p
                + "_messages m left join "
                + p
                + "_whatsapp_deliveries d on d.message_id = m.id where m.timestamp is not null")) {
      oracle
          .messages
          .computeIfAbsent(m.get("customer_id", Integer.class), id -> new ArrayList<>())
          .add(
              new Message(
                  new Position(m.get("timestamp", LocalDateTime.class), m.get("id", Integer.class)),
                  m.get("direction", String.class).equals("inbound"),
                  m.get("phone_number_id", String.class)));
    }
    for (Record c : dsl.fetch("select * from " + p + "_conversations")) {
      int id = c.get("customer_id", Integer.class);
      oracle.kept.put(
          id,
          new Row(
              position(c, "last_message"),
              position(c, "last_inbound"),
              position(c, "last_outbound"),
              c.get("phone_number_id", String.class),
              c.get("is_group", Boolean.class),
              c.get("unread", Integer.class),
              c.get("waiting_since", LocalDateTime.class),
              c.get("status", String.class)));
      oracle.set.put(
          id,
          new Marks(
              position(c, "read_up_to"),
              c.get("set_status", String.class),
              position(c, "set_up_to")));
    }
    return oracle;
  }

  private static @Nullable Position position(Record row, String name) {
    LocalDateTime at = row.get(name + "_at", LocalDateTime.class);
    return at == null ? null : new Position(at, row.get(name + "_id", Integer.class));
  }

  List<String> differences() {
    List<String> found = new ArrayList<>();
    if (marks > 0) {
      found.add(marks + " marks are left");
    }
    if (!kept.keySet().equals(java.util.Set.copyOf(customers))) {
      found.add("conversations of " + kept.keySet() + ", customers " + customers);
    }
    for (int id : customers) {
      Row expected = expected(id);
      if (!Objects.equals(expected, kept.get(id))) {
        found.add("customer " + id + ": expected " + expected + ", kept " + kept.get(id));
      }
    }
    return found;
  }

  /** All that is derived, sorted by customer, without ids that depend on the order of storing. */
  String text() {
    return new java.util.TreeMap<>(kept).toString();
  }

  private Row expected(int id) {
    List<Message> all = messages.getOrDefault(id, List.of());
    Marks marked = set.getOrDefault(id, new Marks(null, "open", null));
    Optional<Message> inbound = last(all, Message::isInbound);
    Optional<Message> outbound = last(all, m -> !m.isInbound());
    boolean isOpened =
        inbound
            .filter(m -> marked.setUpTo() == null || m.position().compareTo(marked.setUpTo()) > 0)
            .isPresent();
    return new Row(
        last(all, m -> true).map(Message::position).orElse(null),
        inbound.map(Message::position).orElse(null),
        outbound.map(Message::position).orElse(null),
        inbound.map(Message::number).orElse(null),
        // As long as nothing was said, nobody knows.
        !all.isEmpty() && groups.contains(id),
        (int)
            all.stream()
                .filter(Message::isInbound)
                .filter(
                    m -> marked.readUpTo() == null || m.position().compareTo(marked.readUpTo()) > 0)
                .count(),
        all.stream()
            .filter(Message::isInbound)
            .filter(
                m ->
                    outbound.isEmpty()
                        || m.position().second().compareTo(outbound.get().position().second()) > 0)
            .map(m -> m.position().at())
            .min(Comparator.naturalOrder())
            .orElse(null),
        isOpened ? "open" : marked.setStatus());
  }

  private static Optional<Message> last(List<Message> all, Predicate<Message> which) {
    return all.stream().filter(which).max(Comparator.comparing(Message::position));
  }
}
