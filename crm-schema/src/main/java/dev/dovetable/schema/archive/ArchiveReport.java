package dev.dovetable.schema.archive;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;

/**
 * What an archive holds, after all of it was read. Immutable and thread-safe.
 *
 * @param prefix the archived agent's prefix
 * @param agentId its id
 * @param takenAt when it was taken
 * @param server the version of the PostgreSQL that it comes from
 * @param hasSecrets whether it holds the secrets of the WhatsApp configuration
 * @param hasMessages whether it holds messages
 * @param isSigned whether it has a signature; if a key was given, it is that key's
 * @param versions the versions of extensions that the agent had, such as {@code crm 1}
 * @param tables its tables, in the order of the archive
 * @param refusals why it couldn't be imported into the database that was asked; empty if it could,
 *     or if none was asked
 */
public record ArchiveReport(
    String prefix,
    long agentId,
    Instant takenAt,
    String server,
    boolean hasSecrets,
    boolean hasMessages,
    boolean isSigned,
    List<String> versions,
    List<ArchivedTable> tables,
    List<String> refusals) {
  /**
   * Checks that nothing is null and copies the lists.
   *
   * @param prefix the archived agent's prefix
   * @param agentId its id
   * @param takenAt when it was taken
   * @param server the PostgreSQL that it comes from
   * @param hasSecrets whether it holds secrets
   * @param hasMessages whether it holds messages
   * @param isSigned whether it has a signature
   * @param versions the versions of extensions
   * @param tables its tables
   * @param refusals why it couldn't be imported
   */
  public ArchiveReport {
    requireNonNull(prefix, "prefix");
    requireNonNull(takenAt, "takenAt");
    requireNonNull(server, "server");
    versions = List.copyOf(versions);
    tables = List.copyOf(tables);
    refusals = List.copyOf(refusals);
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
