package dev.dovetable.core.internal.connection;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.schema.internal.jdbc.SqlStates;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Writes any number of rows in one transaction, in chunks, so that the memory needed is constant.
 * Immutable and thread-safe.
 */
public final class BulkImport<R> {
  private static final int CHUNK_ROWS = 5_000;
  private static final int CHUNK_CHARACTERS = 4_000_000;

  private final ToIntFunction<R> characters;
  private final Writer<R> writer;

  /** Writes all rows, or fails. */
  public interface Writer<R> {
    void write(Session session, List<R> rows);
  }

  /**
   * For one kind of rows.
   *
   * @param characters how much text is in a row
   */
  public BulkImport(ToIntFunction<R> characters, Writer<R> writer) {
    this.characters = characters;
    this.writer = writer;
  }

  public long run(Session session, Iterator<? extends R> rows) {
    requireNonNull(rows, "rows");
    return session.<Long, RuntimeException>nested(
        transaction -> {
          long done = 0;
          while (rows.hasNext()) {
            List<R> chunk = chunk(rows, done);
            write(transaction, chunk, done);
            done += chunk.size();
          }
          return done;
        });
  }

  private List<R> chunk(Iterator<? extends R> rows, long done) {
    List<R> chunk = new ArrayList<>();
    long size = 0;
    while (rows.hasNext() && chunk.size() < CHUNK_ROWS && size < CHUNK_CHARACTERS) {
      R row = requireNonNull(rows.next(), "row " + (done + chunk.size()));
      size += characters.applyAsInt(row);
      chunk.add(row);
    }
    return chunk;
  }

  /** In a savepoint: without it, nothing more could be asked about a chunk that was refused. */
  private void write(Session transaction, List<R> chunk, long before) {
    try {
      attempt(transaction, chunk);
    } catch (InvalidDataException e) {
      throw locate(transaction, chunk, e).atRow(before);
    }
  }

  /** Halves what was refused until one row is left; what is accepted stays meanwhile. */
  private Refused locate(Session transaction, List<R> chunk, InvalidDataException refusal) {
    InvalidDataException latest = refusal;
    int accepted = 0;
    int refused = chunk.size();
    while (refused - accepted > 1) {
      int middle = (accepted + refused) >>> 1;
      try {
        attempt(transaction, chunk.subList(accepted, middle));
        accepted = middle;
      } catch (InvalidDataException e) {
        latest = e;
        refused = middle;
      }
    }
    return new Refused(accepted, latest);
  }

  private record Refused(int index, InvalidDataException why) {
    InvalidDataException atRow(long before) {
      return why.atRow(before + index);
    }
  }

  private void attempt(Session transaction, List<R> rows) {
    try {
      transaction.<Boolean, RuntimeException>nested(
          savepoint -> {
            writer.write(savepoint, rows);
            return true;
          });
    } catch (DatabaseException e) {
      if (!SqlStates.RAISE_EXCEPTION.equals(e.sqlState().orElse(""))) {
        throw e;
      }
      // What a trigger of the host's raises is about a row, too.
      throw new InvalidDataException(
          InvalidDataException.Kind.INTEGRITY, e.problem(), e.remedy(), e.getCause());
    }
  }
}
