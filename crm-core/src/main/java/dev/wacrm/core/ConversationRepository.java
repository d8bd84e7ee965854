package dev.wacrm.core;

import static java.util.Objects.requireNonNull;

import dev.wacrm.core.jooq.tables.Customers;
import dev.wacrm.core.jooq.tables.Messages;
import java.util.List;
import java.util.Optional;
import org.jooq.CommonTableExpression;
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
    Customers customer = tables.customers().as("c");
    Messages message = tables.messages().as("m");
    Optional<LatestMessages.Place> after =
        requireNonNull(page, "page")
            .after()
            .map(cursor -> cursor.keys(list, 2))
            .map(
                keys ->
                    new LatestMessages.Place(
                        Cursor.toInstant(keys.get(0)), Cursor.toInt(keys.get(1))));
    List<CommonTableExpression<?>> parts =
        new LatestMessages(tables.messages(), after, page.limit() + 1).parts();
    CommonTableExpression<?> latest = parts.get(parts.size() - 1);
    Messages its = tables.messages().as("its");
    List<Conversation> fetched =
        session
            .dsl()
            .withRecursive(parts)
            .select(customer.fields())
            .select(message.fields())
            .from(latest)
            .crossJoin(
                // Limited, so that it is a look-up, and not a join by reading the whole table.
                DSL.lateral(
                    DSL.selectFrom(its)
                        .where(its.ID.eq(latest.field("id", Integer.class)))
                        .limit(DSL.inline(1))
                        .asTable(message.getName())))
            .join(customer)
            .on(customer.ID.eq(message.CUSTOMER_ID))
            .orderBy(message.TIMESTAMP.desc(), message.ID.desc())
            .limit(DSL.inline(page.limit() + 1))
            .fetch(
                row -> new Conversation(Rows.customer(row, customer), Rows.message(row, message)));
    return Page.of(
        fetched,
        page,
        last -> Cursor.of(list, last.lastMessage().timestamp(), last.lastMessage().id()));
  }
}
