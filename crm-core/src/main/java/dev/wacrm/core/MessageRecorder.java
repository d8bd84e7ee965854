package dev.wacrm.core;

import dev.wacrm.core.jooq.tables.Customers;
import dev.wacrm.core.jooq.tables.Messages;
import dev.wacrm.core.jooq.tables.records.MessagesRecord;
import java.time.Instant;
import java.util.List;
import org.jooq.CommonTableExpression;
import org.jooq.Field;
import org.jooq.InsertSetMoreStep;
import org.jooq.Record;
import org.jooq.Record1;
import org.jooq.Result;
import org.jooq.impl.DSL;

/** Writes messages: one, one by phone number, or many. Immutable and thread-safe. */
final class MessageRecorder {
  private static final int MAX_AT_ONCE = 1000;

  private final Session session;
  private final AgentIdentity identity;
  private final Messages table;
  private final Customers customers;

  MessageRecorder(Session session, AgentIdentity identity, TenantTables tables) {
    this.session = session;
    this.identity = identity;
    this.table = tables.messages();
    this.customers = tables.customers();
  }

  Message one(NewMessage message) {
    InsertSetMoreStep<MessagesRecord> insert =
        session
            .dsl()
            .insertInto(table)
            .set(table.CUSTOMER_ID, message.customerId())
            .set(table.MESSAGE, message.text())
            .set(table.DIRECTION, message.direction().column());
    if (message.timestamp().isPresent()) {
      insert = insert.set(table.TIMESTAMP, message.timestamp().get());
    }
    try {
      return insert.returning().fetchSingle(row -> Rows.message(row, table));
    } catch (InvalidDataException e) {
      throw e.kind() == InvalidDataException.Kind.FOREIGN_KEY
          ? CustomerRepository.notFound(identity, message.customerId())
          : e;
    }
  }

  Message byPhone(NewCustomer wanted, String text, MessageDirection direction, Instant timestamp) {
    Texts.require(text, "text");
    Times.require(timestamp, "timestamp");
    return new CustomersByPhone(session, identity, customers)
        .withIdOf(
            wanted,
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

  /**
   * with wanted as (…), absent as (the first one without customer), recorded as (insert … if there
   * is none) select …
   *
   * <p>Left to the foreign key, a message without customer could not be told from the others, and
   * the transaction would be lost.
   */
  List<Message> many(List<NewMessage> messages) {
    if (messages.isEmpty()) {
      return List.of();
    }
    if (messages.size() > MAX_AT_ONCE) {
      throw new InvalidDataException(
          InvalidDataException.Kind.OUT_OF_BOUNDS,
          "There are " + messages.size() + " messages.",
          "Record at most " + MAX_AT_ONCE + " at a time.");
    }
    MessageRows rows = new MessageRows(table);
    Messages recorded = table.as("recorded");
    CommonTableExpression<Record> wanted =
        DSL.name("wanted").as(DSL.selectFrom(MessageRows.of(messages)));
    CommonTableExpression<Record1<Integer>> absent =
        DSL.name("absent")
            .fields("first")
            .as(
                DSL.select(DSL.min(MessageRows.POSITION))
                    .from(wanted)
                    .whereNotExists(
                        DSL.selectOne()
                            .from(customers)
                            .where(customers.ID.eq(MessageRows.CUSTOMER_ID))));
    Field<Integer> first = DSL.field(DSL.name("absent", "first"), Integer.class);
    CommonTableExpression<MessagesRecord> inserted =
        DSL.name("recorded")
            .as(
                rows.insert(
                        DSL.select(rows.values())
                            .from(wanted)
                            .crossJoin(absent)
                            .where(first.isNull())
                            .orderBy(MessageRows.POSITION))
                    .returning());
    Result<Record> result =
        session
            .dsl()
            .with(wanted)
            .with(absent)
            .with(inserted)
            .select(recorded.fields())
            .select(first)
            .from(absent)
            .leftJoin(inserted)
            .on(DSL.trueCondition())
            .orderBy(recorded.ID)
            .fetch();
    Integer index = result.get(0).get(first);
    if (index != null) {
      throw CustomerRepository.notFound(
          identity, messages.get(index).customerId(), " (of the message at index " + index + ")");
    }
    return result.map(row -> Rows.message(row, recorded));
  }
}
