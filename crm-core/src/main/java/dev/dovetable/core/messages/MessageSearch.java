package dev.dovetable.core.messages;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.internal.sql.Times;
import dev.dovetable.schema.migration.AgentExtension;
import java.time.Instant;
import java.util.Optional;

/**
 * Where {@link MessageRepository#search} looks. Immutable and thread-safe.
 *
 * @param customerId whose messages; empty for everybody's
 * @param from the earliest time; empty for no bound
 * @param to the end of the span, which is no part of it; empty for no bound
 */
public record MessageSearch(
    Optional<Integer> customerId, Optional<Instant> from, Optional<Instant> to) {
  private static final String NAME = "search";

  /**
   * Checks the times.
   *
   * @param customerId whose messages
   * @param from the earliest time
   * @param to the end of the span
   * @throws dev.dovetable.core.common.InvalidDataException if a time is out of PostgreSQL's range
   */
  public MessageSearch {
    requireNonNull(customerId, "customerId");
    from.ifPresent(time -> Times.require(time, "from"));
    to.ifPresent(time -> Times.require(time, "to"));
  }

  /**
   * The indexes that searching needs, of each agent's messages and customers, and the functions
   * {@code search_messages} and {@code search_customers}; to be registered by {@code
   * AgentMigrations.of(…)}, with the application's own extensions, at every start. Indexes of
   * tables that have rows are built beside writers.
   *
   * @return the extension
   */
  public static AgentExtension extension() {
    return AgentExtension.fromClassPath(
        NAME,
        "dev/dovetable/core/messages",
        "001_share_search_functions.sql",
        "002_create_search_indexes.sql");
  }

  /**
   * Among all messages.
   *
   * @return a search without bounds
   */
  public static MessageSearch everywhere() {
    return new MessageSearch(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * The same among one customer's messages.
   *
   * @param customerId the customer's id
   * @return the search
   */
  public MessageSearch ofCustomer(int customerId) {
    return new MessageSearch(Optional.of(customerId), from, to);
  }

  /**
   * The same among messages of a span of time.
   *
   * @param from the earliest time
   * @param to the end of the span, which is no part of it
   * @return the search
   */
  public MessageSearch between(Instant from, Instant to) {
    return new MessageSearch(customerId, Optional.of(from), Optional.of(to));
  }
}
