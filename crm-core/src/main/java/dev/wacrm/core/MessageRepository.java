package dev.wacrm.core;

import static java.util.Objects.requireNonNull;

import dev.wacrm.core.jooq.tables.Messages;
import dev.wacrm.core.jooq.tables.records.MessagesRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.InsertSetMoreStep;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * An agent's messages: {@code {prefix}_messages} in the specification. Times are exact to the
 * microsecond; finer fractions are cut off. Round trips are those of one statement ({@link Crm})
 * unless a method says otherwise.
 *
 * <p>Immutable and thread-safe.
 */
public final class MessageRepository {
  private final Session session;
  private final AgentIdentity identity;
  private final Messages table;
  private final CustomersByPhone byPhone;

  MessageRepository(
      Session session, AgentIdentity identity, Messages table, CustomersByPhone byPhone) {
    this.session = session;
    this.identity = identity;
    this.table = table;
    this.byPhone = byPhone;
  }

  /**
   * Records a message from a customer, as of now: the start of the transaction on the server.
   *
   * @param customerId the customer's id
   * @param text the content; may be empty
   * @return the message with id and time
   * @throws NotFoundException if there is no such customer
   * @throws InvalidDataException if the text is no text
   */
  public Message recordInbound(int customerId, String text) {
    return record(session.dsl(), customerId, text, MessageDirection.INBOUND, null);
  }

  /**
   * Records a message from a customer.
   *
   * @param customerId the customer's id
   * @param text the content; may be empty
   * @param timestamp when it was sent
   * @return the message with its id
   * @throws NotFoundException if there is no such customer
   * @throws InvalidDataException if the text is no text, or the time out of PostgreSQL's range
   */
  public Message recordInbound(int customerId, String text, Instant timestamp) {
    Times.require(timestamp, "timestamp");
    return record(session.dsl(), customerId, text, MessageDirection.INBOUND, timestamp);
  }

  /**
   * Records a message from whoever has a phone number; a new number makes a new customer, as in
   * {@link CustomerRepository#findOrCreateByPhone}. Both come or neither does. One round trip for a
   * known customer, two for a new one.
   *
   * @param phone the phone number, compared as it is given
   * @param name the name of a new customer
   * @param text the content; may be empty
   * @param timestamp when it was sent
   * @return the message with its id; {@link Message#customerId()} tells the customer
   * @throws InvalidDataException if phone or name is blank, a text no text, or the time out of
   *     range
   */
  public Message recordInboundFrom(String phone, String name, String text, Instant timestamp) {
    return recordByPhone(phone, name, text, MessageDirection.INBOUND, timestamp);
  }

  /**
   * Records a message to a customer, as of now: the start of the transaction on the server.
   *
   * @param customerId the customer's id
   * @param text the content; may be empty
   * @return the message with id and time
   * @throws NotFoundException if there is no such customer
   * @throws InvalidDataException if the text is no text
   */
  public Message recordOutbound(int customerId, String text) {
    return record(session.dsl(), customerId, text, MessageDirection.OUTBOUND, null);
  }

  /**
   * Records a message to a customer.
   *
   * @param customerId the customer's id
   * @param text the content; may be empty
   * @param timestamp when it was sent
   * @return the message with its id
   * @throws NotFoundException if there is no such customer
   * @throws InvalidDataException if the text is no text, or the time out of PostgreSQL's range
   */
  public Message recordOutbound(int customerId, String text, Instant timestamp) {
    Times.require(timestamp, "timestamp");
    return record(session.dsl(), customerId, text, MessageDirection.OUTBOUND, timestamp);
  }

  /**
   * Records a message to whoever has a phone number; see {@link #recordInboundFrom}.
   *
   * @param phone the phone number, compared as it is given
   * @param name the name of a new customer
   * @param text the content; may be empty
   * @param timestamp when it was sent
   * @return the message with its id; {@link Message#customerId()} tells the customer
   * @throws InvalidDataException if phone or name is blank, a text no text, or the time out of
   *     range
   */
  public Message recordOutboundTo(String phone, String name, String text, Instant timestamp) {
    return recordByPhone(phone, name, text, MessageDirection.OUTBOUND, timestamp);
  }

  /**
   * A message.
   *
   * @param id the message's id
   * @return the message; empty if there is none or the actor can't see it
   */
  public Optional<Message> find(int id) {
    return session
        .dsl()
        .selectFrom(table)
        .where(table.ID.eq(id))
        .fetchOptional(row -> Rows.message(row, table));
  }

  /**
   * A customer's messages, newest first; of those with the same time, the one recorded last comes
   * first. The cost doesn't depend on how many there are. Messages whose time somebody has set to
   * null are in no list.
   *
   * @param customerId the customer's id; one that doesn't exist has no messages
   * @param page which part
   * @return the part
   * @throws InvalidDataException if the cursor is not one of this customer's timeline
   */
  public Page<Message> timeline(int customerId, PageRequest page) {
    return page(
        table.CUSTOMER_ID.eq(customerId), identity.prefix() + ".timeline." + customerId, page);
  }

  /**
   * All messages, newest first; of those with the same time, the one recorded last comes first.
   * Messages whose time somebody has set to null are in no list.
   *
   * @param page which part
   * @return the part
   * @throws InvalidDataException if the cursor is not one of this list
   */
  public Page<Message> list(PageRequest page) {
    return page(DSL.noCondition(), identity.prefix() + ".messages", page);
  }

  /**
   * Replaces the content.
   *
   * @param id the message's id
   * @param text the new content; may be empty
   * @return the message as it is now
   * @throws NotFoundException if there is no such message
   * @throws InvalidDataException if the text is no text
   */
  public Message edit(int id, String text) {
    Texts.require(text, "text");
    return session
        .dsl()
        .update(table)
        .set(table.MESSAGE, text)
        .where(table.ID.eq(id))
        .returning()
        .fetchOptional(row -> Rows.message(row, table))
        .orElseThrow(
            () -> new NotFoundException("message " + id + " of agent " + identity.prefix()));
  }

  /**
   * Deletes a message.
   *
   * @param id the message's id
   * @return whether there was one
   */
  public boolean delete(int id) {
    return session.dsl().deleteFrom(table).where(table.ID.eq(id)).execute() > 0;
  }

  private Message recordByPhone(
      String phone, String name, String text, MessageDirection direction, Instant timestamp) {
    Times.require(timestamp, "timestamp");
    Texts.require(text, "text");
    return byPhone.withIdOf(
        new NewCustomer(name, phone),
        (with, customer) ->
            with.insertInto(
                    table, table.CUSTOMER_ID, table.MESSAGE, table.DIRECTION, table.TIMESTAMP)
                .select(
                    DSL.select(
                            customer.field("id", Integer.class),
                            DSL.val(text),
                            DSL.val(direction.column()),
                            DSL.val(timestamp, table.TIMESTAMP))
                        .from(customer))
                .returning()
                .fetchOptional(row -> Rows.message(row, table)));
  }

  private Message record(
      DSLContext dsl,
      int customerId,
      String text,
      MessageDirection direction,
      @Nullable Instant timestamp) {
    InsertSetMoreStep<MessagesRecord> insert =
        dsl.insertInto(table)
            .set(table.CUSTOMER_ID, customerId)
            .set(table.MESSAGE, Texts.require(text, "text"))
            .set(table.DIRECTION, direction.column());
    if (timestamp != null) {
      insert = insert.set(table.TIMESTAMP, timestamp);
    }
    try {
      return insert.returning().fetchSingle(row -> Rows.message(row, table));
    } catch (InvalidDataException e) {
      throw e.kind() == InvalidDataException.Kind.FOREIGN_KEY
          ? CustomerRepository.notFound(identity, customerId)
          : e;
    }
  }

  private Page<Message> page(Condition which, String list, PageRequest page) {
    Condition rest =
        requireNonNull(page, "page")
            .after()
            .map(cursor -> cursor.keys(list, 2))
            .map(
                keys ->
                    DSL.row(table.TIMESTAMP, table.ID)
                        .lt(Cursor.toInstant(keys.get(0)), Cursor.toInt(keys.get(1))))
            .orElse(DSL.noCondition());
    List<Message> fetched =
        session
            .dsl()
            .selectFrom(table)
            .where(which)
            .and(table.TIMESTAMP.isNotNull())
            .and(rest)
            .orderBy(table.TIMESTAMP.desc(), table.ID.desc())
            .limit(page.limit() + 1)
            .fetch(row -> Rows.message(row, table));
    return Page.of(fetched, page, last -> Cursor.of(list, last.timestamp(), last.id()));
  }
}
