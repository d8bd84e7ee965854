package dev.dovetable.core.inbox;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.InboxRequired;
import dev.dovetable.core.internal.sql.Texts;
import dev.dovetable.core.internal.sql.Times;
import dev.dovetable.core.jooq.tables.ConversationTags;
import dev.dovetable.core.jooq.tables.Conversations;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/**
 * What people do with conversations: assign, close, snooze, tag, read, and write notes to each
 * other. In the tables of {@link Inbox#extension()}; without them, every method throws {@link
 * RefusedException} ({@link RefusedException.Reason#INBOX_NOT_REGISTERED}). Each customer has a
 * conversation, also one without messages.
 *
 * <p>Assigning, closing, snoozing and opening carry the {@link ConversationState#version()} that
 * was seen: if somebody has been faster, they throw {@link ConversationConflictException}, which
 * tells who, and change nothing. New messages don't change the version. What changes nothing, such
 * as assigning to whom it is assigned, leaves the version as it is.
 *
 * <p>Each method is one statement ({@link dev.dovetable.core.Crm}). In a transaction of the host's,
 * what it changes is locked until the end, for other people; callbacks don't wait for it. A method
 * throws {@link NotFoundException} if there is no such customer. Immutable and thread-safe.
 */
public final class InboxRepository {
  private static final int MAX_TAG = 100;

  private final AgentIdentity identity;
  private final Conversations conversations;
  private final StateChange change;
  private final StateLists lists;

  /**
   * Internal: {@link dev.dovetable.core.TenantScope#inbox()} makes it.
   *
   * @param session runs the statements
   * @param identity the agent
   */
  public InboxRepository(Session session, AgentIdentity identity) {
    this.identity = identity;
    this.conversations =
        Conversations.CONVERSATIONS.rename(identity.table(Conversations.CONVERSATIONS.getName()));
    ConversationTags tags =
        ConversationTags.CONVERSATION_TAGS.rename(
            identity.table(ConversationTags.CONVERSATION_TAGS.getName()));
    this.change = new StateChange(session, identity, conversations, tags);
    this.lists = new StateLists(session, identity, conversations, tags);
  }

  /**
   * The state of a conversation.
   *
   * @param customerId the customer's id
   * @return the state; empty if there is no such customer or the actor can't see it
   */
  public Optional<ConversationState> find(int customerId) {
    return prepared(() -> lists.find(customerId));
  }

  /**
   * Gives it to somebody to answer.
   *
   * @param customerId the customer's id
   * @param userId the agent's user or one of its members
   * @param version the version that was seen
   * @return the state as it is now
   * @throws RefusedException if the user is neither ({@link
   *     RefusedException.Reason#NOT_A_COLLEAGUE})
   * @throws ConversationConflictException if somebody was faster
   */
  public ConversationState assign(int customerId, UUID userId, long version) {
    return set(customerId, version, conversations.ASSIGNEE, requireNonNull(userId, "userId"));
  }

  /**
   * Takes it from whoever has it.
   *
   * @param customerId the customer's id
   * @param version the version that was seen
   * @return the state as it is now
   * @throws ConversationConflictException if somebody was faster
   */
  public ConversationState unassign(int customerId, long version) {
    return set(customerId, version, conversations.ASSIGNEE, null);
  }

  /**
   * Closes it up to a message: one from the customer that is later, also one that came in just now,
   * has it open; one that is earlier, such as from past chats, doesn't. An answer stands for the
   * customer's last message before it, the last message of all for all that is there. What is
   * closed up to a later message stays so.
   *
   * @param customerId the customer's id
   * @param upTo the last message that was seen
   * @param version the version that was seen
   * @return the state as it is now, which is open if there is a later message
   * @throws NotFoundException if the customer has no such message, or it has no time
   * @throws ConversationConflictException if somebody was faster
   */
  public ConversationState close(int customerId, int upTo, long version) {
    return settle(customerId, upTo, version, ConversationStatus.CLOSED, null);
  }

  /**
   * Puts it off up to a time, or until the customer writes, as with {@link #close}. Nothing has to
   * run then.
   *
   * @param customerId the customer's id
   * @param until when it is open again
   * @param upTo the last message that was seen
   * @param version the version that was seen
   * @return the state as it is now, which is open if there is a later message
   * @throws NotFoundException if the customer has no such message, or it has no time
   * @throws InvalidDataException if the time is out of PostgreSQL's range
   * @throws ConversationConflictException if somebody was faster
   */
  public ConversationState snooze(int customerId, Instant until, int upTo, long version) {
    return settle(
        customerId, upTo, version, ConversationStatus.SNOOZED, Times.require(until, "until"));
  }

  /**
   * Opens it.
   *
   * @param customerId the customer's id
   * @param version the version that was seen
   * @return the state as it is now
   * @throws ConversationConflictException if somebody was faster
   */
  public ConversationState reopen(int customerId, long version) {
    return set(
        customerId, version, conversations.SET_STATUS, StateReader.column(ConversationStatus.OPEN));
  }

  /**
   * Moves the read mark forward to a message; one that is before the mark leaves it where it is. An
   * answer stands for the customer's last message before it, as with {@link #close}.
   *
   * @param customerId the customer's id
   * @param upTo the last message that was read
   * @return the state as it is now
   * @throws NotFoundException if the customer has no such message, or it has no time
   */
  public ConversationState markRead(int customerId, int upTo) {
    return prepared(
        () ->
            change.run(
                customerId,
                OptionalInt.of(upTo),
                OptionalLong.empty(),
                Map.of(conversations.READ_UP_TO_ID, upTo)));
  }

  /**
   * Adds a tag.
   *
   * @param customerId the customer's id
   * @param tag up to 100 characters; blanks at both ends are left out
   * @return whether it was new
   * @throws InvalidDataException if it is blank or too long
   */
  public boolean tag(int customerId, String tag) {
    String stripped = Texts.requireFilled(tag, "tag").strip();
    return prepared(() -> lists.tag(customerId, Texts.requireFilled(stripped, "tag", MAX_TAG)));
  }

  /**
   * Removes a tag.
   *
   * @param customerId the customer's id
   * @param tag the tag
   * @return whether it was there
   */
  public boolean untag(int customerId, String tag) {
    String stripped = Texts.require(tag, "tag").strip();
    return prepared(() -> lists.untag(customerId, stripped));
  }

  /**
   * Writes a note, with the actor as its author.
   *
   * @param customerId the customer's id
   * @param text the text
   * @return the note
   * @throws InvalidDataException if it is blank
   */
  public ConversationNote note(int customerId, String text) {
    return prepared(() -> lists.note(customerId, Texts.requireFilled(text, "text")));
  }

  /**
   * Deletes a note, whoever wrote it.
   *
   * @param id the note's id
   * @return whether there was one
   */
  public boolean deleteNote(long id) {
    return prepared(() -> lists.deleteNote(id));
  }

  /**
   * The notes about a customer, newest first.
   *
   * @param customerId the customer's id; one that doesn't exist has none
   * @param page which part
   * @return the part
   */
  public Page<ConversationNote> notes(int customerId, PageRequest page) {
    return prepared(() -> lists.notes(customerId, page));
  }

  /**
   * Who has assigned, closed, snoozed and opened the conversation, newest first.
   *
   * @param customerId the customer's id; one that doesn't exist has none
   * @param page which part
   * @return the part
   */
  public Page<ConversationChange> changes(int customerId, PageRequest page) {
    return prepared(() -> lists.changes(customerId, page));
  }

  private ConversationState settle(
      int customerId, int upTo, long version, ConversationStatus status, @Nullable Instant until) {
    Map<Field<?>, Object> values = new HashMap<>();
    values.put(conversations.SET_STATUS, StateReader.column(status));
    values.put(conversations.SET_UP_TO_ID, upTo);
    if (until != null) {
      values.put(conversations.SNOOZED_UNTIL, until);
    }
    return prepared(
        () -> change.run(customerId, OptionalInt.of(upTo), OptionalLong.of(version), values));
  }

  private ConversationState set(
      int customerId, long version, Field<?> column, @Nullable Object value) {
    Map<Field<?>, @Nullable Object> values = new HashMap<>();
    values.put(column, value);
    return prepared(
        () -> change.run(customerId, OptionalInt.empty(), OptionalLong.of(version), values));
  }

  private <T> T prepared(Supplier<T> work) {
    return InboxRequired.run(identity, work);
  }
}
