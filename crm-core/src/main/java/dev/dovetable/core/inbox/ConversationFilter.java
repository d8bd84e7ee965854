package dev.dovetable.core.inbox;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.internal.sql.Texts;
import java.util.Optional;
import java.util.UUID;

/**
 * Which conversations: those for which all of it holds. Immutable and thread-safe.
 *
 * <pre>{@code
 * ConversationFilter mine = ConversationFilter.open().assignedTo(me).tagged("vip");
 * }</pre>
 *
 * @param status open, snoozed or closed; empty for all. A snooze that is over is open
 * @param isUnread whether only those with messages that nobody has read
 * @param isUnassigned whether only those that are nobody's to answer
 * @param assignee whose to answer they are; empty for all
 * @param tag a tag that they have; empty for all
 * @param phoneNumberId WhatsApp's id of the business number that the customer wrote to last; empty
 *     for all
 * @param group whether the customer is a group; empty for both
 */
public record ConversationFilter(
    Optional<ConversationStatus> status,
    boolean isUnread,
    boolean isUnassigned,
    Optional<UUID> assignee,
    Optional<String> tag,
    Optional<String> phoneNumberId,
    Optional<Boolean> group) {

  /**
   * Checks the values.
   *
   * @param status open, snoozed or closed
   * @param isUnread whether only those with messages that nobody has read
   * @param isUnassigned whether only those that are nobody's to answer
   * @param assignee whose to answer they are
   * @param tag a tag that they have
   * @param phoneNumberId the business number
   * @param group whether the customer is a group
   * @throws InvalidDataException if it wants them both assigned and unassigned, or a text holds NUL
   *     or half of a surrogate pair
   */
  public ConversationFilter {
    requireNonNull(status, "status");
    requireNonNull(assignee, "assignee");
    requireNonNull(tag, "tag").ifPresent(text -> Texts.require(text, "tag"));
    requireNonNull(phoneNumberId, "phoneNumberId")
        .ifPresent(text -> Texts.require(text, "phoneNumberId"));
    requireNonNull(group, "group");
    if (isUnassigned && assignee.isPresent()) {
      throw new InvalidDataException(
          InvalidDataException.Kind.OUT_OF_BOUNDS,
          "The filter asks for conversations that are somebody's and nobody's.",
          "Give it an assignee, or isUnassigned, or neither.");
    }
  }

  /**
   * All conversations.
   *
   * @return a filter that lets everything through
   */
  public static ConversationFilter all() {
    return new ConversationFilter(
        Optional.empty(),
        false,
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * What somebody has to look after, snoozes that are over included.
   *
   * @return a filter for {@link ConversationStatus#OPEN}
   */
  public static ConversationFilter open() {
    return all().in(ConversationStatus.OPEN);
  }

  /**
   * What is put off, and not yet due.
   *
   * @return a filter for {@link ConversationStatus#SNOOZED}
   */
  public static ConversationFilter snoozed() {
    return all().in(ConversationStatus.SNOOZED);
  }

  /**
   * What is done with.
   *
   * @return a filter for {@link ConversationStatus#CLOSED}
   */
  public static ConversationFilter closed() {
    return all().in(ConversationStatus.CLOSED);
  }

  /**
   * In one status.
   *
   * @param status which
   * @return this filter with that status
   */
  public ConversationFilter in(ConversationStatus status) {
    return new ConversationFilter(
        Optional.of(status), isUnread, isUnassigned, assignee, tag, phoneNumberId, group);
  }

  /**
   * With messages that nobody has read.
   *
   * @return this filter with that condition
   */
  public ConversationFilter unread() {
    return new ConversationFilter(status, true, isUnassigned, assignee, tag, phoneNumberId, group);
  }

  /**
   * Nobody's to answer.
   *
   * @return this filter with that condition, in place of an assignee
   */
  public ConversationFilter unassigned() {
    return new ConversationFilter(
        status, isUnread, true, Optional.empty(), tag, phoneNumberId, group);
  }

  /**
   * Somebody's to answer.
   *
   * @param user the id of the agent's user or a member
   * @return this filter with that condition, in place of {@link #unassigned}
   */
  public ConversationFilter assignedTo(UUID user) {
    return new ConversationFilter(
        status, isUnread, false, Optional.of(user), tag, phoneNumberId, group);
  }

  /**
   * With a tag.
   *
   * @param tag the tag, as it was written
   * @return this filter with that tag
   */
  public ConversationFilter tagged(String tag) {
    return new ConversationFilter(
        status, isUnread, isUnassigned, assignee, Optional.of(tag), phoneNumberId, group);
  }

  /**
   * Through one business number.
   *
   * @param phoneNumberId WhatsApp's id of the number that the customer wrote to last
   * @return this filter with that number
   */
  public ConversationFilter through(String phoneNumberId) {
    return new ConversationFilter(
        status, isUnread, isUnassigned, assignee, tag, Optional.of(phoneNumberId), group);
  }

  /**
   * Groups alone.
   *
   * @return this filter with that condition
   */
  public ConversationFilter groupsOnly() {
    return ofGroups(true);
  }

  /**
   * Anything but groups.
   *
   * @return this filter with that condition
   */
  public ConversationFilter withoutGroups() {
    return ofGroups(false);
  }

  private ConversationFilter ofGroups(boolean isGroup) {
    return new ConversationFilter(
        status, isUnread, isUnassigned, assignee, tag, phoneNumberId, Optional.of(isGroup));
  }
}
