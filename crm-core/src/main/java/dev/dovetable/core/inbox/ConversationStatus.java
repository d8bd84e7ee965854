package dev.dovetable.core.inbox;

/** Whether somebody has to do something about a conversation. */
public enum ConversationStatus {
  /**
   * Somebody has to: nobody has closed or snoozed it, the customer has written since, or the snooze
   * is over.
   */
  OPEN,
  /** Not before a time, unless the customer writes. */
  SNOOZED,
  /** Not unless the customer writes. */
  CLOSED
}
