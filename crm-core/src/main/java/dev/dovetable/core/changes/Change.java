package dev.dovetable.core.changes;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a statement has written: ids, never texts. Look the rows up for what they hold; they may
 * have changed again, or be gone. Immutable and thread-safe.
 *
 * @param position tells changes apart: no two have the same, in one database cluster
 * @param at when the statement ran, UTC; its transaction may have ended much later
 * @param agentId {@code agents.id}
 * @param agent the agent's prefix; empty once the agent is gone
 * @param topic the table's name without the prefix, such as {@link ChangeFeed#MESSAGES}
 * @param operation what was done
 * @param ids ids of the rows, ascending; of {@link ChangeFeed#DELIVERIES} those of the messages.
 *     Empty where rows have no id, and of {@link ChangeOperation#TRUNCATE}
 * @param customerIds whose rows they are, ascending; of a row that went from one customer to
 *     another, both. Empty where that isn't known
 */
public record Change(
    long position,
    Instant at,
    long agentId,
    Optional<String> agent,
    String topic,
    ChangeOperation operation,
    List<Long> ids,
    List<Integer> customerIds) {

  /**
   * Copies the lists.
   *
   * @param position tells changes apart
   * @param at when the statement ran
   * @param agentId the agent's id
   * @param agent the agent's prefix
   * @param topic the table
   * @param operation what was done
   * @param ids ids of the rows
   * @param customerIds whose they are
   */
  public Change {
    requireNonNull(at, "at");
    requireNonNull(agent, "agent");
    requireNonNull(topic, "topic");
    requireNonNull(operation, "operation");
    ids = List.copyOf(ids);
    customerIds = List.copyOf(customerIds);
  }
}
