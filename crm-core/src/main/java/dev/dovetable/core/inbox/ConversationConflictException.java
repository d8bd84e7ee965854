package dev.dovetable.core.inbox;

import dev.dovetable.schema.errors.CrmException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Somebody else has changed assignee or status since the version that a change carried. Nothing was
 * changed.
 */
public final class ConversationConflictException extends CrmException {
  private static final long serialVersionUID = 1L;

  /** Whose conversation. */
  private final int customerId;

  /** The version that there is. */
  private final long version;

  /** Who was faster. */
  private final @Nullable UUID by;

  /** When. */
  private final @Nullable Instant at;

  ConversationConflictException(String prefix, long carried, ConversationState present) {
    super(
        "The conversation with customer "
            + present.customerId()
            + " of agent "
            + prefix
            + " has version "
            + present.version()
            + ", not "
            + carried
            + ".",
        "Look at it as it is now, and decide anew.");
    this.customerId = present.customerId();
    this.version = present.version();
    this.by = present.changedBy().orElse(null);
    this.at = present.changedAt().orElse(null);
  }

  /**
   * Whose conversation.
   *
   * @return the customer's id
   */
  public int customerId() {
    return customerId;
  }

  /**
   * The version that the conversation had when the change was refused.
   *
   * @return the version
   */
  public long version() {
    return version;
  }

  /**
   * Who was faster.
   *
   * @return the signed-in user who changed it last; empty if a backend did
   */
  public Optional<UUID> by() {
    return Optional.ofNullable(by);
  }

  /**
   * When it was changed last.
   *
   * @return the time; empty if it was never changed
   */
  public Optional<Instant> at() {
    return Optional.ofNullable(at);
  }
}
