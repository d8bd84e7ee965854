package dev.dovetable.schema.archive;

import dev.dovetable.schema.archive.Json.Malformed;
import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads an archive front to back, and refuses one that isn't as it was written, or as it should
 * have been. Not thread-safe; doesn't close the stream.
 */
final class ArchiveReader {
  private static final int BUFFER_BYTES = 1 << 16;

  private final ZipInputStream zip;
  private final Optional<byte[]> key;
  private final Bound bound;
  private final List<ArchivedTable> tables = new ArrayList<>();
  private final Set<String> expected = new HashSet<>();
  private final Manifest manifest;
  private final String hash;
  private final boolean isSigned;

  /** What is next in the archive; null behind the last entry. */
  private @Nullable ZipEntry next;

  /** Reads the manifest. */
  ArchiveReader(InputStream in, Optional<byte[]> key, long maxBytes) throws IOException {
    this.zip = new ZipInputStream(new BufferedInputStream(in, BUFFER_BYTES));
    this.key = key;
    this.bound = new Bound(maxBytes);
    next = zip.getNextEntry();
    byte[] bytes = small(Manifest.ENTRY);
    this.isSigned = checkSignature(Manifest.ENTRY, bytes);
    this.hash = Signatures.sha256(bytes);
    try {
      this.manifest = Manifest.read(bytes);
    } catch (Malformed e) {
      throw refused("its manifest can't be read: " + e.getMessage());
    }
    manifest.tables().forEach(table -> expected.add(table.suffix()));
  }

  Manifest manifest() {
    return manifest;
  }

  boolean isSigned() {
    return isSigned;
  }

  /** Reads rows and tells how many they were. */
  @FunctionalInterface
  interface Rows<E extends Exception> {
    long readFrom(RowStream in) throws E, IOException;
  }

  /** The table whose rows come next; empty behind the last one. */
  Optional<Manifest.Table> nextTable() {
    if (next == null || next.getName().equals(Sums.ENTRY)) {
      return Optional.empty();
    }
    String name = next.getName();
    return Optional.of(
        manifest.tables().stream()
            .filter(table -> Manifest.entryOf(table.suffix()).equals(name))
            .filter(table -> expected.contains(table.suffix()))
            .findFirst()
            .orElseThrow(() -> refused("it has an entry that doesn't belong there")));
  }

  <E extends Exception> void rows(Manifest.Table table, LongConsumer progress, Rows<E> rows)
      throws E, IOException {
    expected.remove(table.suffix());
    RowStream stream = new RowStream(zip, bound, progress);
    long read = rows.readFrom(stream);
    stream.skipAll();
    if (read != stream.rows()) {
      throw refused(
          "of table %s, %d rows were read, and there are %d"
              .formatted(table.suffix(), read, stream.rows()));
    }
    tables.add(new ArchivedTable(table.suffix(), read, stream.bytes(), stream.sha256()));
    next = zip.getNextEntry();
  }

  /** Compares what was read with what the archive's end says. */
  List<ArchivedTable> finish() throws IOException {
    byte[] bytes = small(Sums.ENTRY);
    checkSignature(Sums.ENTRY, bytes);
    if (next != null) {
      throw refused("it has an entry that doesn't belong there");
    }
    Sums sums;
    try {
      sums = Sums.read(bytes);
    } catch (Malformed e) {
      throw refused("its checksums can't be read: " + e.getMessage());
    }
    if (!expected.isEmpty()) {
      throw refused("tables are missing in it: " + expected.stream().sorted().toList());
    }
    if (!sums.manifest().equals(hash)) {
      throw refused("its manifest isn't the one that was written");
    }
    if (!new HashSet<>(sums.tables()).equals(new HashSet<>(tables))) {
      List<String> wrong =
          tables.stream()
              .filter(table -> !sums.tables().contains(table))
              .map(ArchivedTable::name)
              .toList();
      throw refused("the rows of tables aren't those that were written: " + wrong);
    }
    return List.copyOf(tables);
  }

  /** An entry that is held in memory. */
  private byte[] small(String name) throws IOException {
    if (next == null || !next.getName().equals(name)) {
      throw refused(
          next == null ? "it ends before " + name : name + " isn't where it should be in it");
    }
    byte[] bytes = zip.readNBytes(Manifest.MAX_BYTES + 1);
    if (bytes.length > Manifest.MAX_BYTES) {
      throw refused(name + " is longer than " + Manifest.MAX_BYTES + " bytes");
    }
    next = zip.getNextEntry();
    return bytes;
  }

  private boolean checkSignature(String entry, byte[] bytes) throws IOException {
    boolean isThere = next != null && next.getName().equals(entry + Signatures.ENDING);
    if (!isThere) {
      if (key.isPresent()) {
        throw refused("it isn't signed, and a key was given");
      }
      return false;
    }
    byte[] signature = small(entry + Signatures.ENDING);
    if (key.isPresent() && !Signatures.isSigned(key.get(), entry, bytes, signature)) {
      throw refused("it was signed with another key, or was changed since");
    }
    return true;
  }

  static SchemaException refused(String problem) {
    return new SchemaException(
        Reason.ARCHIVE_REFUSED,
        "The archive can't be used: " + problem + ".",
        "Take another one, or have it made again.");
  }
}
