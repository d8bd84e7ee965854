package dev.dovetable.core.messages;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.customers.Customer;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.Keyset;
import dev.dovetable.core.internal.sql.QueryTemplate;
import dev.dovetable.core.internal.sql.SqlTemplate;
import dev.dovetable.core.internal.sql.Times;
import dev.dovetable.core.jooq.tables.Customers;
import dev.dovetable.core.jooq.tables.Messages;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.CommonTableExpression;
import org.jooq.QueryPart;
import org.jooq.Record9;
import org.jooq.ResultQuery;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/**
 * An agent's conversations: customers by their latest message. Round trips are those of one
 * statement ({@link dev.dovetable.core.Crm}).
 *
 * <p>Immutable and thread-safe.
 */
public final class ConversationRepository {
  private static final Customers C = Customers.CUSTOMERS.as("c");
  private static final Messages M = Messages.MESSAGES.as("m");
  private static final QueryTemplate<Conversation> FIRST = template(false);
  private static final QueryTemplate<Conversation> NEXT = template(true);

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
          parts.put("timestamp", DSL.val(Keyset.toInstant(keys.get(0)), M.TIMESTAMP));
          parts.put("id", DSL.val(Keyset.toInt(keys.get(1))));
        });
    List<Conversation> fetched =
        (after.isPresent() ? NEXT : FIRST).fetch(session.dsl(), identity, parts);
    return Keyset.page(
        fetched,
        page,
        last -> Keyset.cursor(list, last.lastMessage().timestamp(), last.lastMessage().id()));
  }

  private static QueryTemplate<Conversation> template(boolean goesOn) {
    return QueryTemplate.of(
        () -> query(goesOn),
        row ->
            new Conversation(
                new Customer(row.value1(), row.value2(), row.value3(), Times.orEpoch(row.value4())),
                MessageMapper.messageOf(
                    row.value5(), row.value6(), row.value7(), row.value8(), row.value9())));
  }

  private static ResultQuery<
          Record9<Integer, String, String, Instant, Integer, Integer, String, String, Instant>>
      query(boolean goesOn) {
    List<CommonTableExpression<?>> parts = new LatestMessages(goesOn).parts();
    CommonTableExpression<?> latest = parts.get(parts.size() - 1);
    Messages its = Messages.MESSAGES.as("its");
    return DSL.withRecursive(parts)
        .select(
            C.ID,
            C.NAME,
            C.PHONE,
            C.CREATED_AT,
            M.ID,
            M.CUSTOMER_ID,
            M.MESSAGE,
            M.DIRECTION,
            M.TIMESTAMP)
        .from(latest)
        .crossJoin(
            // Limited, so that it is a look-up, and not a join by reading the whole table.
            DSL.lateral(
                DSL.selectFrom(its)
                    .where(its.ID.eq(latest.field("id", Integer.class)))
                    .limit(DSL.inline(1))
                    .asTable(M.getName())))
        .join(C)
        .on(C.ID.eq(M.CUSTOMER_ID))
        .orderBy(M.TIMESTAMP.desc(), M.ID.desc())
        .limit(SqlTemplate.slot("wanted", SQLDataType.INTEGER));
  }
}
