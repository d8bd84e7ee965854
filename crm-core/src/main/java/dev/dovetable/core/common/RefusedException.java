package dev.dovetable.core.common;

import static java.util.Objects.requireNonNull;

import dev.dovetable.schema.errors.CrmException;
import org.jspecify.annotations.Nullable;

/** A rule forbids it; nothing was changed. */
public final class RefusedException extends CrmException {
  private static final long serialVersionUID = 1L;

  /** Which rule. New reasons may be added. */
  public enum Reason {
    /** The prefix isn't 1 to 20 characters of a-z, 0-9 and underscore, a letter first. */
    PREFIX_MALFORMED,
    /** Another agent has the prefix. */
    PREFIX_TAKEN,
    /**
     * Tables or other objects that belong to no agent hold the names that the prefix would need.
     */
    NAMES_TAKEN,
    /** A user has at most one agent, and this one has one. */
    USER_HAS_AGENT,
    /** There is no such user. */
    UNKNOWN_USER,
    /** A user who created agents can't be deleted while these exist. */
    USER_CREATED_AGENTS,
    /** The agent has no user to act as. */
    AGENT_WITHOUT_USER,
    /** Another user has the e-mail address. */
    EMAIL_TAKEN,
    /** Another agent has the phone number id, active or paused. */
    PHONE_NUMBER_ID_TAKEN,
    /** Only safe in a transaction that is READ COMMITTED, and this one is stricter. */
    NOT_READ_COMMITTED,
    /**
     * A transaction of the host's is open, on a connection of a DataSource, or in a scope that only
     * reads.
     */
    TRANSACTION_OPEN,
    /**
     * SQL of the caller's has ended the transaction that it ran in, or changed whom it acts as. The
     * statement that noticed it wasn't run.
     */
    TRANSACTION_ENDED,
    /** A callback came, and the CRM has neither secrets nor was told to go without signatures. */
    NO_WEBHOOK_SECRET,
    /**
     * The CRM was made for signed-in users alone, or for them on connections of their own, in whose
     * transaction the service can't take part.
     */
    NO_SERVICE,
    /** The agent lacks the tables of {@link dev.dovetable.core.webhooks.Webhooks#extension()}. */
    WEBHOOKS_NOT_REGISTERED,
    /** The agent lacks the tables of {@link dev.dovetable.core.inbox.Inbox#extension()}. */
    INBOX_NOT_REGISTERED,
    /** A conversation is assigned to the agent's user or a member, and this user is neither. */
    NOT_A_COLLEAGUE,
    /**
     * The agent lacks the index of {@link dev.dovetable.core.messages.MessageSearch#extension()}.
     */
    SEARCH_NOT_REGISTERED,
    /** The agent, or everybody, lacks {@link dev.dovetable.core.changes.ChangeFeed#extension()}. */
    CHANGES_NOT_REGISTERED,
    /**
     * What has happened since the cursor can't be told any more: it is older than the feed, or of
     * another database cluster.
     */
    CHANGES_LOST,
    /** The fleet has no database with that name, in which the directory places an agent. */
    UNKNOWN_DATABASE,
    /** A user has 100 consumers of an agent's changes, and this would be one more. */
    TOO_MANY_CONSUMERS
  }

  /** Which rule. */
  private final Reason reason;

  /**
   * Internal: the library throws it.
   *
   * @param reason why
   * @param problem what was wrong
   * @param remedy what to do
   */
  public RefusedException(Reason reason, String problem, String remedy) {
    this(reason, problem, remedy, null);
  }

  /**
   * Internal: the library throws it.
   *
   * @param reason why
   * @param problem what was wrong
   * @param remedy what to do
   * @param cause what the driver threw, without data; or null
   */
  public RefusedException(Reason reason, String problem, String remedy, @Nullable Throwable cause) {
    super(problem, remedy, cause);
    this.reason = requireNonNull(reason, "reason");
  }

  /**
   * Which rule it is.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }
}
