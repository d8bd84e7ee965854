package dev.dovetable.schema.archive;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * What came of an archive. Immutable and thread-safe.
 *
 * @param prefix the new agent's prefix
 * @param agentId its id
 * @param tables its tables, in the order of the archive
 * @param migrated how many versions of extensions it got that the archive lacked
 * @param numbersTaken {@code phone_number_id}s that another agent has, and this one therefore
 *     hasn't
 * @param membersMissing ids of members whom there isn't here, neither by that id nor by their
 *     address
 * @param isConfigured whether the archived WhatsApp configuration became the user's, who had none
 * @param namingAgents extensions whose SQL names the agent's id: where they keep it in rows, it is
 *     that of the archived agent
 * @param duration how long it took
 */
public record ImportReport(
    String prefix,
    long agentId,
    List<ArchivedTable> tables,
    int migrated,
    List<String> numbersTaken,
    List<UUID> membersMissing,
    boolean isConfigured,
    List<String> namingAgents,
    Duration duration) {
  /**
   * Checks that nothing is null and copies the lists.
   *
   * @param prefix the new agent's prefix
   * @param agentId its id
   * @param tables its tables
   * @param migrated how many versions it got
   * @param numbersTaken numbers of others
   * @param membersMissing members whom there isn't
   * @param isConfigured whether the user got the configuration
   * @param namingAgents extensions that name the agent's id
   * @param duration how long it took
   */
  public ImportReport {
    requireNonNull(prefix, "prefix");
    tables = List.copyOf(tables);
    numbersTaken = List.copyOf(numbersTaken);
    membersMissing = List.copyOf(membersMissing);
    namingAgents = List.copyOf(namingAgents);
    requireNonNull(duration, "duration");
  }

  /**
   * The rows of all tables.
   *
   * @return how many
   */
  public long rows() {
    return tables.stream().mapToLong(ArchivedTable::rows).sum();
  }
}
