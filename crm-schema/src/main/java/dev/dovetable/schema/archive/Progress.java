package dev.dovetable.schema.archive;

import java.util.List;
import java.util.function.LongConsumer;

/** Measures tables by the sizes that they had in their database. Not thread-safe. */
final class Progress {
  /** Bytes between two calls. */
  private static final long STEP = 1 << 18;

  private final ArchiveListener listener;
  private final long total;
  private long done;

  Progress(ArchiveListener listener, List<Manifest.Table> tables) {
    this.listener = listener;
    this.total = tables.stream().mapToLong(Progress::weight).sum();
  }

  private static long weight(Manifest.Table table) {
    return Math.max(1, table.bytes());
  }

  LongConsumer of(Manifest.Table table) {
    long before = done;
    long[] told = {-STEP};
    return bytes -> {
      if (bytes - told[0] >= STEP) {
        told[0] = bytes;
        listener.copied(table.suffix(), before + Math.min(bytes, weight(table)), total);
      }
    };
  }

  void done(Manifest.Table table) {
    done += weight(table);
    listener.copied(table.suffix(), done, total);
  }
}
