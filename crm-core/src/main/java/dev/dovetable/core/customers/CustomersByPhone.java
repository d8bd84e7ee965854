package dev.dovetable.core.customers;

import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.payload.PhoneKeys;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.Exists;
import dev.dovetable.core.internal.sql.QueryTemplate;
import dev.dovetable.core.internal.sql.SqlTemplate;
import dev.dovetable.core.jooq.tables.Customers;
import dev.dovetable.core.jooq.tables.records.CustomersRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jooq.CommonTableExpression;
import org.jooq.Record;
import org.jooq.Record1;
import org.jooq.Records;
import org.jooq.Select;
import org.jooq.SelectFromStep;
import org.jooq.WithStep;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/**
 * Internal: finds the customer of a phone number, or makes one: exactly one, however many ask at
 * once, although the column is not unique. Immutable and thread-safe.
 *
 * @hidden
 */
public final class CustomersByPhone {
  private static final Customers C = Customers.CUSTOMERS.as("c");

  private static final QueryTemplate<Customer> FIND =
      QueryTemplate.of(
          () -> oldest(DSL.select(C.ID, C.NAME, C.PHONE, C.CREATED_AT)),
          Records.mapping(CustomerMapper::customerOf));

  private final Session session;
  private final AgentIdentity identity;
  private final Customers table;

  /**
   * Internal: for the areas beside this one.
   *
   * @param session runs the statements
   * @param identity the agent
   * @param table the agent's own
   */
  public CustomersByPhone(Session session, AgentIdentity identity, Customers table) {
    this.session = session;
    this.identity = identity;
    this.table = table;
  }

  /** The oldest one, if several have the number. */
  Optional<Customer> find(String phone) {
    return FIND.fetchOptional(session.dsl(), identity, Map.of("phone", DSL.val(phone)));
  }

  Customer findOrMake(NewCustomer wanted) {
    return find(wanted.phone()).orElseGet(() -> makeUnlessFound(wanted));
  }

  /**
   * Does something with the number's customer in one statement that makes the customer, unless
   * there is one by now.
   *
   * @param wanted the customer to make
   * @param work gets the beginning of its statement, and a part of it that holds the customer's id
   * @param <T> what the work gives
   * @return what the work gave
   */
  public <T> T withIdOfMade(
      NewCustomer wanted,
      BiFunction<WithStep, CommonTableExpression<Record1<Integer>>, Optional<T>> work) {
    CommonTableExpression<CustomersRecord> made = made(wanted);
    CommonTableExpression<Record1<Integer>> foundOrMade =
        idOf(oldest(wanted.phone()).unionAll(DSL.selectFrom(made)));
    return work.apply(session.after(lock(wanted.phone())).with(made).with(foundOrMade), foundOrMade)
        .orElseThrow(this::notReadCommitted);
  }

  private Customer makeUnlessFound(NewCustomer wanted) {
    CommonTableExpression<CustomersRecord> made = made(wanted);
    return session
        .after(lock(wanted.phone()))
        .with(made)
        .select()
        .from(oldest(wanted.phone()).unionAll(DSL.selectFrom(made)).asTable("customer"))
        .limit(1)
        .fetchOptional(row -> CustomerMapper.customer(row.into(table), table))
        .orElseThrow(this::notReadCommitted);
  }

  /**
   * Part of a template, with the slot {@code phone}.
   *
   * @return the part
   */
  public static CommonTableExpression<Record1<Integer>> idOfOldest() {
    return DSL.name("customer").fields("id").as(oldest(DSL.select(C.ID)));
  }

  private static <R extends Record> Select<R> oldest(SelectFromStep<R> columns) {
    return columns
        .from(C)
        .where(C.PHONE.eq(SqlTemplate.slot(C.PHONE)))
        .orderBy(C.ID)
        .limit(DSL.inline(1));
  }

  private Select<CustomersRecord> oldest(String phone) {
    return DSL.selectFrom(table).where(table.PHONE.eq(phone)).orderBy(table.ID).limit(1);
  }

  private CommonTableExpression<Record1<Integer>> idOf(Select<CustomersRecord> customers) {
    return DSL.name("customer")
        .fields("id")
        .as(
            DSL.select(DSL.field(DSL.name("found", table.ID.getName()), Integer.class))
                .from(customers.asTable("found"))
                .limit(1));
  }

  /**
   * Makes the customer unless the number has one; nobody in a transaction that isn't READ
   * COMMITTED, which could not see a customer that was made while it waited for the lock.
   */
  private CommonTableExpression<CustomersRecord> made(NewCustomer wanted) {
    return DSL.name("made")
        .as(
            DSL.insertInto(table, table.AGENT_ID, table.NAME, table.PHONE)
                .select(
                    DSL.select(identity.id(), DSL.val(wanted.name()), DSL.val(wanted.phone()))
                        .where(Exists.notIn(oldest(wanted.phone())))
                        .and(
                            DSL.function(
                                    "current_setting",
                                    SQLDataType.VARCHAR,
                                    DSL.inline("transaction_isolation"))
                                .eq(DSL.inline("read committed"))))
                .returning());
  }

  /**
   * Ahead of the statement that makes the customer, so that this sees whoever was made under the
   * lock before. A collision of two keys costs a wait, nothing else.
   */
  private Select<?> lock(String phone) {
    return DSL.select(
        DSL.function(
            "pg_advisory_xact_lock", SQLDataType.OTHER, DSL.inline(lockKey(identity, phone))));
  }

  /**
   * Under which lock a customer with the phone number is made, however it is written.
   *
   * @param identity the agent
   * @param phone the number
   * @return the key of an advisory lock
   */
  public static long lockKey(AgentIdentity identity, String phone) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      String subject = identity.schema() + '.' + identity.prefix() + ' ' + PhoneKeys.of(phone);
      return ByteBuffer.wrap(digest.digest(subject.getBytes(StandardCharsets.UTF_8))).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  private RefusedException notReadCommitted() {
    return new RefusedException(
        RefusedException.Reason.NOT_READ_COMMITTED,
        "A customer of agent "
            + identity.prefix()
            + " can't be found or made safely in a transaction that isn't READ COMMITTED.",
        "Use connections whose default isolation is READ COMMITTED.");
  }
}
