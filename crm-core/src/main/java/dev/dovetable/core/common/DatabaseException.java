package dev.dovetable.core.common;

import static java.util.Objects.requireNonNull;

import dev.dovetable.schema.errors.CrmException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The database could not be reached, or could not carry out a statement that is right in itself.
 * Nothing of the statement has been done; of a transaction, nothing at all. If the connection
 * breaks during a commit, it isn't known whether that was carried out.
 *
 * <p>The cause is what the driver threw, without the parts that may hold data.
 */
public final class DatabaseException extends CrmException {
  private static final long serialVersionUID = 1L;

  /** What happened. New kinds may be added. */
  public enum Kind {
    /**
     * The server can't be reached, or the connection was lost (SQLSTATE class 08, 57P01 to 57P03,
     * 57P05, 53300).
     */
    UNREACHABLE,
    /** The pool, or what else gives connections, had none in time (no SQLSTATE). */
    NO_CONNECTION,
    /** The server refused the login, or has no such database, any more (class 28, 3D000, 57P04). */
    LOGIN_REFUSED,
    /** A lock was not granted in time (55P03). */
    LOCK_TIMEOUT,
    /** Two transactions waited for each other, and this one was ended (40P01). */
    DEADLOCK,
    /** A transaction of a stricter isolation level met another one (40001). */
    SERIALIZATION_FAILURE,
    /**
     * What the server had prepared for a statement holds no longer, because a migration has changed
     * what it gives, or because the session was reset (0A000 of a cached plan, 26000). Outside
     * transactions, the library repeats the statement by itself, unless the pool takes the
     * connection away, as HikariCP does.
     */
    STALE_STATEMENT,
    /**
     * The statement was cancelled, or reached a statement timeout (57014); or the thread was
     * interrupted while it waited for a connection (no SQLSTATE).
     */
    CANCELLED,
    /** The server has ended a transaction that was idle, or open, for too long (25P03, 25P04). */
    TRANSACTION_TIMEOUT,
    /** A table, function or role of the schema is missing (42P01, 42883, 3F000). */
    NOT_INSTALLED,
    /**
     * A sequence gives no id that is free: it is behind the rows of its table, as after an import
     * that passed ids (23505 of a primary key, in a statement of the library's own), or used up
     * (2200H). The doctor tells which, and sets it.
     */
    NO_FREE_ID,
    /** A write in a read-only scope, or on a connection that only reads (25006). */
    READ_ONLY,
    /** Anything else; {@link #sqlState()} tells. */
    OTHER
  }

  /** What happened. */
  private final Kind kind;

  /** The SQLSTATE, or null if the driver gave none. */
  private final @Nullable String sqlState;

  /**
   * Internal: the library throws it.
   *
   * @param kind what is wrong
   * @param sqlState the server's code; or null
   * @param problem what was wrong
   * @param remedy what to do
   * @param cause what the driver threw, without data; or null
   */
  public DatabaseException(
      Kind kind,
      @Nullable String sqlState,
      String problem,
      String remedy,
      @Nullable Throwable cause) {
    super(problem, remedy, cause);
    this.kind = requireNonNull(kind, "kind");
    this.sqlState = sqlState;
  }

  /**
   * What happened.
   *
   * @return the kind
   */
  public Kind kind() {
    return kind;
  }

  /**
   * PostgreSQL's code for it.
   *
   * @return the SQLSTATE; empty if the driver or the pool gave none
   */
  public Optional<String> sqlState() {
    return Optional.ofNullable(sqlState);
  }

  /**
   * Whether the same call can succeed when it is made again, a little later: after a lost
   * connection or none at all, a lock timeout, a deadlock, a serialization failure or a statement
   * that had become stale. Of a transaction, all of it has to be repeated.
   *
   * @return true if it is worth trying
   */
  public boolean isRetryable() {
    return switch (kind) {
      case UNREACHABLE,
          NO_CONNECTION,
          LOCK_TIMEOUT,
          DEADLOCK,
          SERIALIZATION_FAILURE,
          STALE_STATEMENT ->
          true;
      case LOGIN_REFUSED,
          CANCELLED,
          TRANSACTION_TIMEOUT,
          NOT_INSTALLED,
          NO_FREE_ID,
          READ_ONLY,
          OTHER ->
          false;
    };
  }
}
