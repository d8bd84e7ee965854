package dev.dovetable.core.common;

import static java.util.Objects.requireNonNull;

import dev.dovetable.schema.errors.CrmException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A value can't be accepted: found by this library before anything was sent, or by a constraint of
 * the database. The messages name the field or the constraint, never the value.
 */
public final class InvalidDataException extends CrmException {
  private static final long serialVersionUID = 1L;

  /** What is wrong. New kinds may be added. */
  public enum Kind {
    /** A value that must be there is missing or blank; in the database, NOT NULL (23502). */
    MISSING,
    /**
     * The text holds NUL or half of a surrogate pair, or isn't in the server's encoding (22021).
     */
    NOT_TEXT,
    /** The text is longer than its column (22001), or than an index on it can hold (54000). */
    TOO_LONG,
    /** A number, a time or a count of elements is outside its bounds (22008 and class 22). */
    OUT_OF_BOUNDS,
    /** An amount of money is outside the column's ±99 999 999.99 (22003). */
    NUMERIC_OVERFLOW,
    /** A CHECK constraint was violated (23514). */
    CHECK_VIOLATED,
    /** The row it refers to doesn't exist, or others refer to it (23503). */
    FOREIGN_KEY,
    /** Another row holds the value already (23505). */
    NOT_UNIQUE,
    /**
     * Another integrity constraint was violated (rest of class 23); in an import, also if a trigger
     * of the host's refused a row (P0001).
     */
    INTEGRITY,
    /** The cursor was changed, or belongs to another list. */
    CURSOR
  }

  /** What is wrong. */
  private final Kind kind;

  /** The index of the row of an import, or negative. */
  private final long row;

  /**
   * Internal: the library throws it.
   *
   * @param kind what is wrong
   * @param problem what was wrong
   * @param remedy what to do
   */
  public InvalidDataException(Kind kind, String problem, String remedy) {
    this(kind, problem, remedy, null);
  }

  /**
   * Internal: the library throws it.
   *
   * @param kind what is wrong
   * @param problem what was wrong
   * @param remedy what to do
   * @param cause what the driver threw, without data; or null
   */
  public InvalidDataException(Kind kind, String problem, String remedy, @Nullable Throwable cause) {
    this(kind, problem, remedy, cause, -1);
  }

  private InvalidDataException(
      Kind kind, String problem, String remedy, @Nullable Throwable cause, long row) {
    super(problem, remedy, cause);
    this.kind = requireNonNull(kind, "kind");
    this.row = row;
  }

  /**
   * Internal: the same about one row of an import.
   *
   * @param index of the row, from 0
   * @return another exception
   */
  public InvalidDataException atRow(long index) {
    return new InvalidDataException(
        kind, "At index " + index + " of the import: " + problem(), remedy(), getCause(), index);
  }

  /**
   * What is wrong.
   *
   * @return the kind
   */
  public Kind kind() {
    return kind;
  }

  /**
   * Which row of an import was refused.
   *
   * @return its index, counted from 0; empty if it was no import
   */
  public OptionalLong row() {
    return row < 0 ? OptionalLong.empty() : OptionalLong.of(row);
  }
}
