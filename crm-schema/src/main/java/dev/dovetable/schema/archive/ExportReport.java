package dev.dovetable.schema.archive;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/**
 * What was written into an archive. Immutable and thread-safe.
 *
 * @param prefix the agent's prefix
 * @param tables its tables, in the order of the archive
 * @param duration how long it took
 */
public record ExportReport(String prefix, List<ArchivedTable> tables, Duration duration) {
  /**
   * Checks that nothing is null and copies the list.
   *
   * @param prefix the agent's prefix
   * @param tables its tables
   * @param duration how long it took
   */
  public ExportReport {
    requireNonNull(prefix, "prefix");
    tables = List.copyOf(tables);
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
