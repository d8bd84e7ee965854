package dev.dovetable.core.deliveries;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.messages.MessageDirection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What became of one message: WhatsApp's id of it, the states that it has reached, what it costs,
 * and what was done with it since. Immutable and thread-safe.
 *
 * @param providerId WhatsApp's id of the message
 * @param phoneNumberId WhatsApp's id of the business number that it came or went through; empty as
 *     long as nothing has told
 * @param sentBy the signed-in user who sent it; empty if the service did, or it isn't known
 * @param state the furthest state that was told of; empty if none was. Failed and deleted are
 *     further than all others. Of a message to a group, the furthest of any member
 * @param times when each state that was told of was reached first, in WhatsApp's time; of past
 *     chats, of which WhatsApp doesn't tell it, the message's own time
 * @param errors why it failed: a JSON array as WhatsApp sends it, {@code []} if it didn't
 * @param price what it costs; empty if no status has told
 * @param callbackData what the application gave along when it sent the message
 * @param members what became of it with each member of a group, as far as it was told
 * @param edit the last edit; empty if it reads as it was sent
 * @param revokedAt when it was taken back for everybody; empty if it stands
 * @param reactions what each has reacted with last, oldest first; those withdrawn are left out
 */
public record Delivery(
    String providerId,
    Optional<String> phoneNumberId,
    Optional<UUID> sentBy,
    Optional<DeliveryState> state,
    Map<DeliveryState, Instant> times,
    String errors,
    Optional<Price> price,
    Optional<String> callbackData,
    List<Member> members,
    Optional<Edit> edit,
    Optional<Instant> revokedAt,
    List<Reaction> reactions) {

  /**
   * What WhatsApp charges.
   *
   * @param billable whether it costs anything
   * @param model such as {@code PMP}, a price for each message
   * @param category such as {@code marketing}, {@code utility} or {@code service}
   * @param type such as {@code regular} or {@code free_customer_service}
   * @param conversationId WhatsApp's id of what it counts as one conversation
   * @param conversationOrigin what that was opened by
   * @param conversationExpiresAt until when that lasts
   */
  public record Price(
      Optional<Boolean> billable,
      Optional<String> model,
      Optional<String> category,
      Optional<String> type,
      Optional<String> conversationId,
      Optional<String> conversationOrigin,
      Optional<Instant> conversationExpiresAt) {}

  /**
   * What became of a message to a group with one of its members.
   *
   * @param phone the member's number
   * @param userId the member's user id
   * @param times when each state that was told of was reached first
   */
  public record Member(
      Optional<String> phone, Optional<String> userId, Map<DeliveryState, Instant> times) {
    /**
     * Copies the map.
     *
     * @param phone the member's number
     * @param userId the member's user id
     * @param times when each state was reached first
     */
    public Member {
      times = Map.copyOf(times);
    }
  }

  /**
   * How a message reads now.
   *
   * @param text the new text
   * @param at when it was edited
   */
  public record Edit(String text, Instant at) {}

  /**
   * A reaction.
   *
   * @param emoji with what
   * @param at when
   * @param direction who: INBOUND the customer or a member of the group, OUTBOUND the business
   * @param participant the member of the group; empty if it is none, or not known
   */
  public record Reaction(
      String emoji,
      Instant at,
      MessageDirection direction,
      Optional<MessageDetails.Participant> participant) {}

  /**
   * Copies map and lists.
   *
   * @param providerId WhatsApp's id of the message
   * @param phoneNumberId the business number
   * @param sentBy the user who sent it
   * @param state the furthest state that was told of
   * @param times when each state was reached first
   * @param errors why it failed
   * @param price what it costs
   * @param callbackData what the application gave along
   * @param members what became of it with each member of a group
   * @param edit the last edit
   * @param revokedAt when it was taken back
   * @param reactions what each has reacted with last
   */
  public Delivery {
    requireNonNull(providerId, "providerId");
    requireNonNull(phoneNumberId, "phoneNumberId");
    requireNonNull(sentBy, "sentBy");
    requireNonNull(state, "state");
    times = Map.copyOf(times);
    requireNonNull(errors, "errors");
    requireNonNull(price, "price");
    requireNonNull(callbackData, "callbackData");
    members = List.copyOf(members);
    requireNonNull(edit, "edit");
    requireNonNull(revokedAt, "revokedAt");
    reactions = List.copyOf(reactions);
  }

  /**
   * When a state was reached.
   *
   * @param state the state
   * @return the first time; empty if the state was not told of
   */
  public Optional<Instant> at(DeliveryState state) {
    return Optional.ofNullable(times.get(state));
  }
}
