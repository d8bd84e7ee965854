package dev.dovetable.schema.archive;

import dev.dovetable.schema.errors.SchemaException;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.Deflater;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** An export that is imported at once: by two threads, over two connections. */
final class Pipe {
  private static final int BUFFER_BYTES = 1 << 18;

  private final AgentArchive from;
  private final AgentArchive to;

  Pipe(AgentArchive from, AgentArchive to) {
    this.from = from;
    this.to = to;
  }

  ImportReport run(
      DataSource dataSource,
      String prefix,
      String newPrefix,
      ExportOptions exported,
      ImportOptions imported) {
    PipedInputStream in = new PipedInputStream(BUFFER_BYTES);
    PipedOutputStream out = joined(in);
    AtomicReference<RuntimeException> failure = new AtomicReference<>();
    Thread exporter =
        new Thread(
            () -> {
              try (out) {
                from.export(dataSource, prefix, out, exported, Deflater.NO_COMPRESSION);
              } catch (IOException e) {
                failure.set(new IllegalStateException(e));
              } catch (RuntimeException e) {
                failure.set(e);
              }
            },
            "dovetable-copy");
    exporter.setDaemon(true);
    exporter.start();
    try {
      return to.importAs(dataSource, newPrefix, in, imported);
    } catch (SchemaException e) {
      end(in, exporter);
      throw cause(failure.get(), e);
    } finally {
      end(in, exporter);
    }
  }

  private static PipedOutputStream joined(PipedInputStream in) {
    try {
      return new PipedOutputStream(in);
    } catch (IOException e) {
      throw new IllegalStateException("a pipe in memory", e);
    }
  }

  /** The exporter's next write fails, if it has not ended. */
  private static void end(PipedInputStream in, Thread exporter) {
    try {
      in.close();
      exporter.join();
    } catch (IOException e) {
      throw new IllegalStateException("a pipe in memory", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What failed first: a cut archive is a consequence of the exporter's failure. */
  private static RuntimeException cause(
      @Nullable RuntimeException exporter, SchemaException importer) {
    return importer.reason() == SchemaException.Reason.ARCHIVE_REFUSED
            && exporter instanceof SchemaException told
            && told.reason() != SchemaException.Reason.EXPORT_FAILED
        ? told
        : importer;
  }
}
