package dev.dovetable.schema.errors;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * The schema could not be installed, examined or exported; nothing was changed. {@link #reason()}
 * tells the cases apart.
 */
public final class SchemaException extends CrmException {
  private static final long serialVersionUID = 1L;

  /** Why. New reasons may be added. */
  public enum Reason {
    /** A table or type of the same name belongs to somebody else. */
    FOREIGN_TABLES,
    /** The database was installed by a newer release of this library. */
    NEWER_VERSION,
    /** A file of this library is not the one that was installed under the same version. */
    EDITED_SCRIPT,
    /**
     * A file of an extension breaks a rule, or failed when it was tried; the message names the
     * line.
     */
    INVALID_TEMPLATE,
    /** A version of an extension is not registered. */
    UNKNOWN_VERSION,
    /** A version of an extension can't be taken back: agents have it, or others follow it. */
    VERSION_IN_USE,
    /** The database is not what {@code CrmSchema.validate} expects. */
    NOT_CURRENT,
    /** The role may not do what is needed; the remedy holds the GRANT. */
    MISSING_RIGHTS,
    /** Another installer, or a transaction on one of the tables, held a lock for too long. */
    LOCKED,
    /**
     * Not a PostgreSQL, one that is too old, a read-only one, or a transaction that cannot be used.
     */
    UNSUITABLE_CONNECTION,
    /** The connection could not be had, or was lost. */
    UNREACHABLE,
    /** The server refused the login, or has no such database. */
    LOGIN_REFUSED,
    /** The database refused a statement for another reason; see {@link #getCause()}. */
    DATABASE_ERROR,
    /** A file or an archive could not be written. */
    EXPORT_FAILED,
    /** There is no agent with that prefix. */
    UNKNOWN_AGENT,
    /**
     * An archive is damaged, wasn't signed with the key, or can't be imported here; the message
     * holds all reasons.
     */
    ARCHIVE_REFUSED
  }

  /** Why. */
  private final Reason reason;

  /**
   * An exception without a cause. Applications need no such constructor but for their tests.
   *
   * @param reason the case
   * @param problem what was wrong, as a sentence
   * @param remedy what to do, as a sentence
   */
  public SchemaException(Reason reason, String problem, String remedy) {
    this(reason, problem, remedy, null);
  }

  /**
   * An exception with a cause. Applications need no such constructor but for their tests.
   *
   * @param reason the case
   * @param problem what was wrong, as a sentence
   * @param remedy what to do, as a sentence
   * @param cause what was caught, or null if nothing was
   */
  public SchemaException(Reason reason, String problem, String remedy, @Nullable Throwable cause) {
    super(problem, remedy, cause);
    this.reason = requireNonNull(reason, "reason");
  }

  /**
   * Why it failed.
   *
   * @return the case, for code that reacts to some of them
   */
  public Reason reason() {
    return reason;
  }
}
