package dev.dovetable.schema.archive;

/** Hears how far an export or an import has come. */
@FunctionalInterface
public interface ArchiveListener {
  /**
   * Called by the thread that works, up to some hundred times a second, and should return soon.
   *
   * @param table the table that is being copied, without the prefix
   * @param done how much is done of {@code total}
   * @param total a measure of the whole, from the sizes that the tables had: an estimate
   */
  void copied(String table, long done, long total);
}
