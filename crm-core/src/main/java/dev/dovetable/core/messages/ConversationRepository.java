package dev.dovetable.core.messages;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.Keyset;
import dev.dovetable.core.internal.sql.QueryTemplate;
import dev.dovetable.core.jooq.tables.Messages;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.QueryPart;
import org.jooq.impl.DSL;

/**
 * An agent's conversations: customers by their latest message. Round trips are those of one
 * statement ({@link dev.dovetable.core.Crm}).
 *
 * <p>Immutable and thread-safe.
 */
public final class ConversationRepository {
  private static final QueryTemplate<Conversation> FIRST = LatestMessages.first();
  private static final QueryTemplate<Conversation> NEXT = LatestMessages.next();

  private final Session session;
  private final AgentIdentity identity;

  /**
   * Internal: {@link dev.dovetable.core.TenantScope#conversations()} makes it.
   *
   * @param session runs the statements
   * @param identity the agent
   */
  public ConversationRepository(Session session, AgentIdentity identity) {
    this.session = session;
    this.identity = identity;
  }

  /**
   * The conversations, the one with the latest message first; customers without messages have none.
   *
   * <p>A conversation that gets a message while the list is paged through moves to the front, so it
   * can be missing from the pages that follow. The cost doesn't depend on how many messages there
   * are. As a rule it doesn't depend on how many customers there are either; at most, where
   * conversations of the page have more than some sixty messages each in between, it is one look-up
   * in an index for each customer.
   *
   * @param page which part
   * @return the part
   * @throws InvalidDataException if the cursor is not one of this list
   */
  public Page<Conversation> latest(PageRequest page) {
    String list = identity.prefix() + ".conversations";
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
    return Keyset.page(
        fetched,
        page,
        last -> Keyset.cursor(list, last.lastMessage().timestamp(), last.lastMessage().id()));
  }
}
