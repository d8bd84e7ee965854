package dev.dovetable.schema.archive;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** What is done with an archive whose manifest was read. */
@FunctionalInterface
interface Reading<T> {
  T read(ArchiveReader archive) throws IOException;

  static <T> T of(InputStream in, ArchiveSettings settings, Reading<T> work) {
    try {
      return work.read(new ArchiveReader(in, settings.key(), settings.maxBytes()));
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  /** The failure of a stream that isn't what was written. */
  static SchemaException damaged(IOException e) {
    return new SchemaException(
        Reason.ARCHIVE_REFUSED,
        "The archive can't be read: " + e.getMessage() + ".",
        "Take another one, or have it made again.",
        e);
  }

  /** Reads it to its end. */
  static ArchiveReport report(
      ArchiveReader archive, ArchiveSettings settings, List<String> refusals) throws IOException {
    Manifest manifest = archive.manifest();
    Progress progress = new Progress(settings.listener(), manifest.tables());
    Optional<Manifest.Table> next = archive.nextTable();
    while (next.isPresent()) {
      Manifest.Table table = next.get();
      archive.<IOException>rows(
          table,
          progress.of(table),
          rows -> {
            rows.skipAll();
            return rows.rows();
          });
      progress.done(table);
      next = archive.nextTable();
    }
    return new ArchiveReport(
        manifest.prefix(),
        manifest.agentId(),
        manifest.takenAt(),
        manifest.server(),
        manifest.hasSecrets(),
        manifest.hasMessages(),
        archive.isSigned(),
        manifest.versions().stream().map(Manifest.Version::label).toList(),
        archive.finish(),
        refusals);
  }
}
