package dev.dovetable.schema.archive;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes an archive front to back. Not thread-safe; doesn't close the stream. */
final class ArchiveWriter {
  private static final int BUFFER_BYTES = 1 << 16;

  private final ZipOutputStream zip;
  private final Optional<byte[]> key;
  private final List<ArchivedTable> tables = new ArrayList<>();
  private String manifest = "";

  ArchiveWriter(OutputStream out, Optional<byte[]> key, int level) {
    this.zip = new ZipOutputStream(new BufferedOutputStream(out, BUFFER_BYTES));
    this.key = key;
    zip.setLevel(level);
  }

  /** Writes rows and tells how many they were. */
  @FunctionalInterface
  interface Rows<E extends Exception> {
    long writeTo(OutputStream out) throws E, IOException;
  }

  void manifest(byte[] bytes) throws IOException {
    manifest = Signatures.sha256(bytes);
    signed(Manifest.ENTRY, bytes);
  }

  <E extends Exception> void table(String suffix, LongConsumer progress, Rows<E> rows)
      throws E, IOException {
    zip.putNextEntry(new ZipEntry(Manifest.entryOf(suffix)));
    Counted counted = new Counted(zip, progress);
    // COPY writes row by row, and each call of the compressor has its price.
    BufferedOutputStream buffered = new BufferedOutputStream(counted, BUFFER_BYTES);
    long written = rows.writeTo(buffered);
    buffered.flush();
    zip.closeEntry();
    tables.add(new ArchivedTable(suffix, written, counted.bytes, Signatures.hex(counted.digest)));
  }

  List<ArchivedTable> finish() throws IOException {
    signed(Sums.ENTRY, new Sums(manifest, tables).write());
    zip.finish();
    zip.flush();
    return List.copyOf(tables);
  }

  private void signed(String name, byte[] bytes) throws IOException {
    entry(name, bytes);
    if (key.isPresent()) {
      entry(name + Signatures.ENDING, Signatures.sign(key.get(), name, bytes));
    }
  }

  private void entry(String name, byte[] bytes) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(bytes);
    zip.closeEntry();
  }

  /** Counts and hashes what passes. */
  private static final class Counted extends FilterOutputStream {
    private final MessageDigest digest = Signatures.sha256();
    private final LongConsumer progress;
    private long bytes;

    Counted(OutputStream out, LongConsumer progress) {
      super(out);
      this.progress = progress;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
      out.write(buffer, offset, length);
      digest.update(buffer, offset, length);
      bytes += length;
      progress.accept(bytes);
    }
  }
}
