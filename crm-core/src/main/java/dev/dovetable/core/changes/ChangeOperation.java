package dev.dovetable.core.changes;

/** What was done to rows. */
public enum ChangeOperation {
  /** They are new. */
  INSERT,
  /** They were written, whether or not anything is different. */
  UPDATE,
  /** They are gone. */
  DELETE,
  /** All rows of the table are gone, by TRUNCATE, which names none. */
  TRUNCATE
}
