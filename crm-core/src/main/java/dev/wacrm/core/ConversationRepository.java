package dev.wacrm.core;

import static java.util.Objects.requireNonNull;

import dev.wacrm.core.jooq.tables.Customers;
import dev.wacrm.core.jooq.tables.Messages;
import java.util.List;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/**
 * An agent's conversations: customers by their latest message. Round trips are those of one
 * statement ({@link Crm}).
 *
 * <p>Immutable and thread-safe.
 */
public final class ConversationRepository {
  private final Session session;
  private final AgentIdentity identity;
  private final TenantTables tables;

  ConversationRepository(Session session, AgentIdentity identity, TenantTables tables) {
    this.session = session;
    this.identity = identity;
    this.tables = tables;
  }

  /**
   * The conversations, the one with the latest message first; customers without messages have none.
   *
   * <p>A conversation that gets a message while the list is paged through moves to the front, so it
   * can be missing from the pages that follow. The cost depends on the messages that are newer than
   * the page's last conversation, not on how many there are.
   *
   * @param page which part
   * @return the part
   * @throws InvalidDataException if the cursor is not one of this list
   */
  public Page<Conversation> latest(PageRequest page) {
    String list = identity.prefix() + ".conversations";
    Customers customer = tables.customers().as("c");
    Messages message = tables.messages().as("m");
    Messages newer = tables.messages().as("n");
    Condition rest =
        requireNonNull(page, "page")
            .after()
            .map(cursor -> cursor.keys(list, 2))
            .map(
                keys ->
                    DSL.row(message.TIMESTAMP, message.ID)
                        .lt(Cursor.toInstant(keys.get(0)), Cursor.toInt(keys.get(1))))
            .orElse(DSL.noCondition());
    List<Conversation> fetched =
        session
            .dsl()
            .select(customer.fields())
            .select(message.fields())
            .from(message)
            .join(customer)
            .on(customer.ID.eq(message.CUSTOMER_ID))
            .where(message.TIMESTAMP.isNotNull())
            .and(rest)
            // Walks the timestamp index from its end, and looks each message's customer up.
            .andNotExists(
                DSL.selectOne()
                    .from(newer)
                    .where(newer.CUSTOMER_ID.eq(message.CUSTOMER_ID))
                    .and(DSL.row(newer.TIMESTAMP, newer.ID).gt(message.TIMESTAMP, message.ID)))
            .orderBy(message.TIMESTAMP.desc(), message.ID.desc())
            .limit(page.limit() + 1)
            .fetch(
                row -> new Conversation(Rows.customer(row, customer), Rows.message(row, message)));
    return Page.of(
        fetched,
        page,
        last -> Cursor.of(list, last.lastMessage().timestamp(), last.lastMessage().id()));
  }
}
