package dev.dovetable.core.inbox;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * The state of the conversation with a customer. It is the conversation's, not a person's: what one
 * colleague has read, all have. Times are UTC; of messages of one second, the one with the greater
 * id is the later. Immutable and thread-safe.
 *
 * @param customerId the customer
 * @param status whether somebody has to do something; a snooze that is over is open
 * @param snoozedUntil until when; empty unless it is snoozed
 * @param assignee whose it is to answer: the agent's user or a member
 * @param version counts what people change about assignee and status; carried by the next change
 * @param changedAt when that was done last
 * @param changedBy the signed-in user who did; empty if a backend did
 * @param unread how many messages from the customer are behind the read mark
 * @param readUpTo the read mark: the last message that anybody has read
 * @param waitingSince the time of the first message from the customer that is behind the last one
 *     to them, to the second; empty if it was answered
 * @param lastMessage the id of the last message; empty if there is none
 * @param lastMessageAt its time
 * @param lastInboundAt when the customer wrote last: WhatsApp lets one answer for 24 hours from
 *     then on
 * @param lastOutboundAt when the customer was written to last
 * @param phoneNumberId the business number that the customer's last message came through
 * @param isGroup whether the customer is a group
 * @param tags the tags, sorted
 */
public record ConversationState(
    int customerId,
    ConversationStatus status,
    Optional<Instant> snoozedUntil,
    Optional<UUID> assignee,
    long version,
    Optional<Instant> changedAt,
    Optional<UUID> changedBy,
    int unread,
    OptionalInt readUpTo,
    Optional<Instant> waitingSince,
    OptionalInt lastMessage,
    Optional<Instant> lastMessageAt,
    Optional<Instant> lastInboundAt,
    Optional<Instant> lastOutboundAt,
    Optional<String> phoneNumberId,
    boolean isGroup,
    List<String> tags) {

  /**
   * Copies the tags.
   *
   * @param customerId the customer
   * @param status whether somebody has to do something
   * @param snoozedUntil until when
   * @param assignee whose it is to answer
   * @param version counts what people change
   * @param changedAt when that was done last
   * @param changedBy who did
   * @param unread how many are behind the read mark
   * @param readUpTo the read mark
   * @param waitingSince since when the customer waits
   * @param lastMessage the id of the last message
   * @param lastMessageAt its time
   * @param lastInboundAt when the customer wrote last
   * @param lastOutboundAt when the customer was written to last
   * @param phoneNumberId the business number
   * @param isGroup whether the customer is a group
   * @param tags the tags
   */
  public ConversationState {
    tags = List.copyOf(tags);
  }
}
