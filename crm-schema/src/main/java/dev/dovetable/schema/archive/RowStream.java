package dev.dovetable.schema.archive;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.function.LongConsumer;

/** The rows of one table, as COPY reads them: counted, hashed and bounded. Not thread-safe. */
final class RowStream extends InputStream {
  /** The server gathers a row before it looks at it, and takes a gigabyte at most. */
  private static final int MAX_ROW_BYTES = 512 << 20;

  private static final int BUFFER_BYTES = 1 << 16;

  private final InputStream in;
  private final Bound bound;
  private final LongConsumer progress;
  private final MessageDigest digest = Signatures.sha256();
  private long bytes;
  private long rows;
  private long rowBegin;

  RowStream(InputStream in, Bound bound, LongConsumer progress) {
    this.in = in;
    this.bound = bound;
    this.progress = progress;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = in.read(buffer, offset, length);
    if (read > 0) {
      bound.add(read);
      digest.update(buffer, offset, read);
      for (int i = offset; i < offset + read; i++) {
        if (buffer[i] == '\n') {
          rows++;
          rowBegin = bytes + (i - offset) + 1;
        }
      }
      bytes += read;
      if (bytes - rowBegin > MAX_ROW_BYTES) {
        throw ArchiveReader.refused("it has a row of more than " + MAX_ROW_BYTES + " bytes");
      }
      progress.accept(bytes);
    }
    return read;
  }

  /** What COPY has left unread behind an end of its own. */
  void skipAll() throws IOException {
    byte[] rest = new byte[BUFFER_BYTES];
    int read = 0;
    while (read >= 0) {
      read = read(rest, 0, rest.length);
    }
  }

  /** How many lines there were; in COPY's text a row is one, whatever it holds. */
  long rows() {
    return rows;
  }

  long bytes() {
    return bytes;
  }

  String sha256() {
    return Signatures.hex(digest);
  }
}
