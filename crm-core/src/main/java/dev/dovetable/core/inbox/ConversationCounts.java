package dev.dovetable.core.inbox;

/**
 * How many conversations there are of each kind, for the badges of an inbox. All but the snoozed
 * ones are open, and a snooze that is over is open. Immutable and thread-safe.
 *
 * @param open the open ones
 * @param unread those with messages that nobody has read
 * @param unreadMessages how many such messages there are in them
 * @param waiting those in which the customer wrote last
 * @param unassigned those that are nobody's to answer
 * @param mine those that are the signed-in user's to answer; none for the service
 * @param snoozeOver those that are open because their snooze is over
 * @param snoozed those that are put off, and not yet due
 */
public record ConversationCounts(
    long open,
    long unread,
    long unreadMessages,
    long waiting,
    long unassigned,
    long mine,
    long snoozeOver,
    long snoozed) {}
