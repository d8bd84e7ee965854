package dev.dovetable.core.messages;

import static dev.dovetable.core.internal.sql.SqlTemplate.slot;
import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.NotFoundException;
import dev.dovetable.core.customers.CustomersByPhone;
import dev.dovetable.core.customers.NewCustomer;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.Elements;
import dev.dovetable.core.internal.sql.Exists;
import dev.dovetable.core.internal.sql.QueryTemplate;
import dev.dovetable.core.internal.sql.Texts;
import dev.dovetable.core.internal.sql.Times;
import dev.dovetable.core.jooq.TenantTables;
import dev.dovetable.core.jooq.tables.Customers;
import dev.dovetable.core.jooq.tables.Messages;
import dev.dovetable.core.jooq.tables.records.MessagesRecord;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jooq.CommonTableExpression;
import org.jooq.Field;
import org.jooq.InsertReturningStep;
import org.jooq.QueryPart;
import org.jooq.Record;
import org.jooq.Record1;
import org.jooq.Records;
import org.jooq.Result;
import org.jooq.impl.DSL;

/**
 * Writes, changes and deletes messages: one, one by phone number, or many. Immutable and
 * thread-safe.
 */
final class MessageRecorder {
  private static final int MAX_AT_ONCE = 1000;

  private static final Messages M = Messages.MESSAGES;
  private static final QueryTemplate<Message> ONE_NOW =
      recording(
          () ->
              DSL.insertInto(M, M.CUSTOMER_ID, M.MESSAGE, M.DIRECTION)
                  .values(slot(M.CUSTOMER_ID), slot(M.MESSAGE), slot(M.DIRECTION)));
  private static final QueryTemplate<Message> ONE_AT =
      recording(
          () ->
              DSL.insertInto(M, M.CUSTOMER_ID, M.MESSAGE, M.DIRECTION, M.TIMESTAMP)
                  .values(
                      slot(M.CUSTOMER_ID), slot(M.MESSAGE), slot(M.DIRECTION), slot(M.TIMESTAMP)));
  private static final QueryTemplate<Message> BY_PHONE =
      recording(
          () -> {
            CommonTableExpression<Record1<Integer>> customer = CustomersByPhone.idOfOldest();
            return DSL.with(customer)
                .insertInto(M, M.CUSTOMER_ID, M.MESSAGE, M.DIRECTION, M.TIMESTAMP)
                .select(
                    DSL.select(
                            customer.field("id", Integer.class),
                            slot(M.MESSAGE),
                            slot(M.DIRECTION),
                            slot(M.TIMESTAMP))
                        .from(customer));
          });

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

  private static QueryTemplate<Message> recording(
      Supplier<InsertReturningStep<MessagesRecord>> insert) {
    return QueryTemplate.of(
        () ->
            insert.get().returningResult(M.ID, M.CUSTOMER_ID, M.MESSAGE, M.DIRECTION, M.TIMESTAMP),
        Records.mapping(MessageMapper::messageOf));
  }

  Message one(NewMessage message) {
    Map<String, QueryPart> values = new HashMap<>();
    values.put("customer_id", DSL.val(message.customerId()));
    values.put("message", DSL.val(message.text()));
    values.put("direction", DSL.val(MessageMapper.column(message.direction())));
    message.timestamp().ifPresent(time -> values.put("timestamp", DSL.val(time, M.TIMESTAMP)));
    try {
      return (message.timestamp().isPresent() ? ONE_AT : ONE_NOW)
          .fetchSingle(session.dsl(), identity, values);
    } catch (InvalidDataException e) {
      throw e.kind() == InvalidDataException.Kind.FOREIGN_KEY
          ? identity.notFound("customer " + message.customerId())
          : e;
    }
  }

  Message byPhone(NewCustomer wanted, String text, MessageDirection direction, Instant timestamp) {
    Texts.require(text, "text");
    Times.require(timestamp, "timestamp");
    Map<String, QueryPart> values =
        Map.of(
            "phone",
            DSL.val(wanted.phone()),
            "message",
            DSL.val(text),
            "direction",
            DSL.val(MessageMapper.column(direction)),
            "timestamp",
            DSL.val(timestamp, M.TIMESTAMP));
    return BY_PHONE
        .fetchOptional(session.dsl(), identity, values)
        .orElseGet(() -> byNewPhone(wanted, text, direction, timestamp));
  }

  private Message byNewPhone(
      NewCustomer wanted, String text, MessageDirection direction, Instant timestamp) {
    return new CustomersByPhone(session, identity, customers)
        .withIdOfMade(
            wanted,
            (with, customer) ->
                with.insertInto(
                        table, table.CUSTOMER_ID, table.MESSAGE, table.DIRECTION, table.TIMESTAMP)
                    .select(
                        DSL.select(
                                customer.field("id", Integer.class),
                                DSL.val(text),
                                DSL.val(MessageMapper.column(direction)),
                                DSL.val(timestamp, table.TIMESTAMP))
                            .from(customer))
                    .returning()
                    .fetchOptional(row -> MessageMapper.message(row, table)));
  }

  /**
   * with wanted as (…), absent as (the first one without customer), recorded as (insert … if there
   * is none) select …
   *
   * <p>Left to the foreign key, a message without customer could not be told from the others, and
   * the transaction would be lost.
   */
  List<Message> many(List<NewMessage> given) {
    List<NewMessage> messages = Elements.copy(given, "messages");
    if (messages.isEmpty()) {
      return List.of();
    }
    if (messages.size() > MAX_AT_ONCE) {
      throw new InvalidDataException(
          InvalidDataException.Kind.OUT_OF_BOUNDS,
          "There are " + messages.size() + " messages.",
          "Record at most " + MAX_AT_ONCE + " at a time.");
    }
    MessageInsert rows = new MessageInsert(table);
    Messages recorded = table.as("recorded");
    CommonTableExpression<Record> wanted =
        DSL.name("wanted").as(DSL.selectFrom(MessageInsert.of(messages)));
    CommonTableExpression<Record1<Integer>> absent =
        DSL.name("absent")
            .fields("first")
            .as(
                DSL.select(DSL.min(MessageInsert.POSITION))
                    .from(wanted)
                    .where(
                        Exists.notIn(
                            DSL.selectOne()
                                .from(customers)
                                .where(customers.ID.eq(MessageInsert.CUSTOMER_ID)))));
    Field<Integer> first = DSL.field(DSL.name("absent", "first"), Integer.class);
    CommonTableExpression<MessagesRecord> inserted =
        DSL.name("recorded")
            .as(
                rows.insert(
                        DSL.select(rows.values())
                            .from(wanted)
                            .crossJoin(absent)
                            .where(first.isNull())
                            .orderBy(MessageInsert.POSITION))
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
      throw new NotFoundException(
          "customer "
              + messages.get(index).customerId()
              + " of agent "
              + identity.prefix()
              + " (of the message at index "
              + index
              + ")");
    }
    return result.map(row -> MessageMapper.message(row, recorded));
  }

  Message edit(int id, String text) {
    return session
        .dsl()
        .update(table)
        .set(table.MESSAGE, Texts.require(text, "text"))
        .where(table.ID.eq(id))
        .returning()
        .fetchOptional(row -> MessageMapper.message(row, table))
        .orElseThrow(() -> identity.notFound("message " + id));
  }

  boolean delete(int id) {
    return session.dsl().deleteFrom(table).where(table.ID.eq(id)).execute() > 0;
  }

  long importAll(Iterator<NewMessage> messages) {
    return new MessageImport(session, identity, table).run(requireNonNull(messages, "messages"));
  }
}
