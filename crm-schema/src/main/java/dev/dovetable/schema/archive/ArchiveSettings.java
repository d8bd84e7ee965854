package dev.dovetable.schema.archive;

import dev.dovetable.schema.internal.settings.Target;
import java.time.Duration;
import java.util.Optional;

/** Settings of archives; see {@link AgentArchive.Builder}. Immutable. */
record ArchiveSettings(
    Target target,
    Optional<byte[]> key,
    Duration lockTimeout,
    long maxBytes,
    ArchiveListener listener) {

  ArchiveSettings withListener(ArchiveListener another) {
    return new ArchiveSettings(target, key, lockTimeout, maxBytes, another);
  }

  String lockMilliseconds() {
    return Long.toString(lockTimeout.toMillis());
  }
}
