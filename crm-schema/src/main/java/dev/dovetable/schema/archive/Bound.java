package dev.dovetable.schema.archive;

/** How much an archive may hold in all, whatever little it looks. Not thread-safe. */
final class Bound {
  private final long max;
  private long used;

  Bound(long max) {
    this.max = max;
  }

  void add(int bytes) {
    used += bytes;
    if (used > max) {
      throw ArchiveReader.refused(
          "its rows are more than %d bytes, the bound of AgentArchive.Builder.maxBytes"
              .formatted(max));
    }
  }
}
