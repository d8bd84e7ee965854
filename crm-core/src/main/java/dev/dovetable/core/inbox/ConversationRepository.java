package dev.dovetable.core.inbox;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.Cursor;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.InboxRequired;
import dev.dovetable.core.internal.sql.Keyset;
import dev.dovetable.core.internal.sql.QueryTemplate;
import dev.dovetable.core.jooq.tables.Messages;
import dev.dovetable.core.messages.Message;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jooq.QueryPart;
import org.jooq.impl.DSL;

/**
 * An agent's conversations: customers by their latest message. {@link #latest} needs nothing but
 * the agent's own four tables; all else needs those of {@link Inbox#extension()} and of {@link
 * dev.dovetable.core.webhooks.Webhooks#extension()}, and without them throws {@link
 * RefusedException} ({@link RefusedException.Reason#INBOX_NOT_REGISTERED}). What one conversation's
 * state is, and what changes it, is in {@link dev.dovetable.core.TenantScope#inbox()}. Round trips
 * are those of one statement ({@link dev.dovetable.core.Crm}).
 *
 * <p>The order of all lists is that of the latest messages' times, and of those with the same time
 * the one recorded last counts as later. A conversation that gets a message while a list is paged
 * through moves to the front, so it can be missing from the pages that follow. Customers without
 * messages are in no list. A cursor is a place in that order: it may be used with any list, filter
 * and direction.
 *
 * <p>Immutable and thread-safe.
 */
public final class ConversationRepository {
  private static final QueryTemplate<Conversation> FIRST = LatestMessages.first();
  private static final QueryTemplate<Conversation> NEXT = LatestMessages.next();

  private final Session session;
  private final AgentIdentity identity;
  private final ConversationLists lists;

  /**
   * Internal: {@link dev.dovetable.core.TenantScope#conversations()} makes it.
   *
   * @param session runs the statements
   * @param identity the agent
   */
  public ConversationRepository(Session session, AgentIdentity identity) {
    this.session = session;
    this.identity = identity;
    this.lists = new ConversationLists(session, identity);
  }

  /**
   * The conversations, the one with the latest message first.
   *
   * <p>The cost doesn't depend on how many messages there are. As a rule it doesn't depend on how
   * many customers there are either; at most, where conversations of the page have more than some
   * sixty messages each in between, it is one look-up in an index for each customer.
   *
   * @param page which part
   * @return the part
   * @throws InvalidDataException if the cursor is not one of this list
   */
  public Page<Conversation> latest(PageRequest page) {
    String list = list(identity);
    Optional<List<String>> after =
        requireNonNull(page, "page").after().map(cursor -> Keyset.keys(cursor, list, 2));
    Map<String, QueryPart> parts = LatestMessages.lengths(page.limit() + 1);
    after.ifPresent(
        keys -> {
          parts.put(
              "timestamp", DSL.val(Keyset.toInstant(keys.get(0)), Messages.MESSAGES.TIMESTAMP));
          parts.put("id", DSL.val(Keyset.toInt(keys.get(1))));
        });
    List<Conversation> fetched =
        (after.isPresent() ? NEXT : FIRST).fetch(session.dsl(), identity, parts);
    return Keyset.page(fetched, page, last -> place(identity, last.lastMessage()));
  }

  /**
   * The conversations that a filter lets through, with all that a line of an inbox shows, the one
   * with the latest message first. One statement.
   *
   * <p>The cost depends neither on how many messages there are nor on where the page begins. Those
   * that the filter leaves out are passed over one by one, some thousand in a millisecond, except
   * for those of other assignees or that are closed, where it asks for open or snoozed ones, those
   * that are read, and, where at most 400 have the tag, those without it.
   *
   * @param filter which conversations
   * @param page which part
   * @return the part
   * @throws InvalidDataException if the cursor is not one of this agent's conversations
   */
  public Page<InboxConversation> list(ConversationFilter filter, PageRequest page) {
    requireNonNull(filter, "filter");
    requireNonNull(page, "page");
    return prepared(() -> lists.list(filter, false, page));
  }

  /**
   * The same, the conversation with the oldest latest message first.
   *
   * @param filter which conversations
   * @param page which part
   * @return the part
   * @throws InvalidDataException if the cursor is not one of this agent's conversations
   */
  public Page<InboxConversation> listOldestFirst(ConversationFilter filter, PageRequest page) {
    requireNonNull(filter, "filter");
    requireNonNull(page, "page");
    return prepared(() -> lists.list(filter, true, page));
  }

  /**
   * {@return where a conversation stands in the lists} From there they go on in either direction;
   * with {@link #listOldestFirst}, to what is newer. No round trip.
   *
   * @param conversation a conversation
   */
  public Cursor placeOf(InboxConversation conversation) {
    ConversationState state = requireNonNull(conversation, "conversation").state();
    Message last = conversation.lastMessage();
    return Keyset.cursor(
        list(identity),
        state.lastMessageAt().orElse(last.timestamp()),
        state.lastMessage().orElse(last.id()));
  }

  /**
   * {@return how many conversations there are of each kind} One statement; the cost grows with how
   * many are not closed, some thousand in a millisecond.
   */
  public ConversationCounts counts() {
    return prepared(lists::counts);
  }

  /** The list that cursors are places in. */
  static String list(AgentIdentity identity) {
    return identity.prefix() + ".conversations";
  }

  static Cursor place(AgentIdentity identity, Message last) {
    return Keyset.cursor(list(identity), last.timestamp(), last.id());
  }

  private <T> T prepared(Supplier<T> work) {
    return InboxRequired.run(identity, work);
  }
}
