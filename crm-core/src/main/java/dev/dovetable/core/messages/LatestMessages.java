package dev.dovetable.core.messages;

import dev.dovetable.core.internal.sql.SqlTemplate;
import dev.dovetable.core.jooq.tables.Messages;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jooq.CommonTableExpression;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.QueryPart;
import org.jooq.Record1;
import org.jooq.Record2;
import org.jooq.Record3;
import org.jooq.Select;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/**
 * The ids of the messages that are the latest of their conversations, newest first: as the parts of
 * a WITH RECURSIVE clause.
 *
 * <p>The newest messages are walked through, and in them each customer's first one is taken. If
 * these are too few, because customers have many messages one after the other, some more are walked
 * through; and if that doesn't do either, the index by customer and time is followed from customer
 * to customer. So no list costs more than one look-up for each customer, however many messages
 * there are, and the usual one costs a few hundred index entries. What isn't needed isn't run.
 *
 * <p>Immutable and thread-safe.
 */
final class LatestMessages {
  /** How many messages are walked through at first, and then, for each conversation wanted. */
  private static final int[] MESSAGES_PER_CONVERSATION = {4, 64};

  private static final Messages TABLE = Messages.MESSAGES;
  private static final Field<Integer> WANTED = SqlTemplate.slot("wanted", SQLDataType.INTEGER);
  private static final Field<Instant> LAST_TIME = SqlTemplate.slot(TABLE.TIMESTAMP);
  private static final Field<Integer> LAST_ID = SqlTemplate.slot(TABLE.ID);

  private final boolean goesOn;

  /**
   * Without a statement to be part of.
   *
   * @param goesOn whether there is a page before, and slots {@code timestamp} and {@code id} for
   *     its last message
   */
  LatestMessages(boolean goesOn) {
    this.goesOn = goesOn;
  }

  /**
   * What comes into the slots that say how many there are.
   *
   * @param wanted how many conversations
   */
  static Map<String, QueryPart> lengths(int wanted) {
    Map<String, QueryPart> parts = new HashMap<>();
    // Inlined, because how much is read decides on the plan.
    parts.put("wanted", DSL.inline(wanted));
    for (int i = 0; i < MESSAGES_PER_CONVERSATION.length; i++) {
      parts.put("length_" + i, DSL.inline(wanted * MESSAGES_PER_CONVERSATION[i]));
    }
    return parts;
  }

  /** The last one has the ids, as {@code id}, and a few too many. */
  List<CommonTableExpression<?>> parts() {
    List<CommonTableExpression<?>> parts = new ArrayList<>();
    List<CommonTableExpression<Record1<Integer>>> found = new ArrayList<>();
    Condition needed = DSL.noCondition();
    for (int i = 0; i < MESSAGES_PER_CONVERSATION.length; i++) {
      Field<Integer> length = SqlTemplate.slot("length_" + i, SQLDataType.INTEGER);
      CommonTableExpression<Record3<Integer, Integer, Instant>> walked =
          DSL.name("walked_" + i).as(walk(length, needed));
      CommonTableExpression<Record1<Integer>> firsts =
          DSL.name("found_" + i).fields("id").as(firstOfEach(walked));
      parts.add(walked);
      parts.add(firsts);
      found.add(firsts);
      needed = count(firsts).lt(WANTED).and(count(walked).eq(length));
    }
    CommonTableExpression<Record2<Integer, Instant>> customers =
        DSL.name("customers").fields("customer_id", "timestamp").as(fromCustomerToCustomer(needed));
    parts.add(customers);
    Select<Record1<Integer>> all = lastOfEach(customers);
    for (CommonTableExpression<Record1<Integer>> some : found) {
      all = DSL.select(some.field("id", Integer.class)).from(some).union(all);
    }
    parts.add(DSL.name("latest").fields("id").as(all));
    return parts;
  }

  /** Along the timestamp index. */
  private Select<Record3<Integer, Integer, Instant>> walk(Field<Integer> length, Condition needed) {
    Messages m = TABLE.as("m");
    return DSL.select(m.ID, m.CUSTOMER_ID, m.TIMESTAMP)
        .from(m)
        .where(m.TIMESTAMP.isNotNull())
        .and(needed)
        .and(isAfter(m.TIMESTAMP, m.ID))
        .orderBy(m.TIMESTAMP.desc(), m.ID.desc())
        .limit(length);
  }

  private Select<Record1<Integer>> firstOfEach(
      CommonTableExpression<Record3<Integer, Integer, Instant>> walked) {
    Table<Record3<Integer, Integer, Instant>> first =
        DSL.select(id(walked), customerId(walked), timestamp(walked))
            .distinctOn(customerId(walked))
            .from(walked)
            .orderBy(customerId(walked), timestamp(walked).desc(), id(walked).desc())
            .asTable("first");
    return DSL.select(id(first))
        .from(first)
        .where(isOnNoPageBefore(customerId(first)))
        .orderBy(timestamp(first).desc(), id(first).desc())
        .limit(WANTED);
  }

  private Condition isOnNoPageBefore(Field<Integer> customerId) {
    Messages newer = TABLE.as("newer");
    return goesOn
        ? DSL.notExists(
            DSL.selectOne()
                .from(newer)
                .where(newer.CUSTOMER_ID.eq(customerId))
                .and(DSL.row(newer.TIMESTAMP, newer.ID).ge(LAST_TIME, LAST_ID)))
        : DSL.noCondition();
  }

  /**
   * Each step is one look-up in the index by customer and time, whose order serves nothing else:
   * with the id in it, or looked up for one customer, a planner may well prefer to walk through the
   * whole timestamp index.
   */
  private Select<Record2<Integer, Instant>> fromCustomerToCustomer(Condition needed) {
    Table<?> previous = DSL.table(DSL.name("customers"));
    Messages m = TABLE.as("m");
    Select<Record2<Integer, Instant>> first =
        DSL.select(m.CUSTOMER_ID, m.TIMESTAMP)
            .from(m)
            .where(m.TIMESTAMP.isNotNull())
            .and(needed)
            .orderBy(m.CUSTOMER_ID, m.TIMESTAMP.desc())
            .limit(DSL.inline(1));
    Table<Record2<Integer, Instant>> next =
        DSL.select(m.CUSTOMER_ID, m.TIMESTAMP)
            .from(m)
            .where(m.CUSTOMER_ID.gt(DSL.field(DSL.name("customers", "customer_id"), Integer.class)))
            .and(m.TIMESTAMP.isNotNull())
            .orderBy(m.CUSTOMER_ID, m.TIMESTAMP.desc())
            .limit(DSL.inline(1))
            .asTable("next");
    return first.unionAll(
        DSL.select(customerId(next), timestamp(next)).from(previous).crossJoin(DSL.lateral(next)));
  }

  private Select<Record1<Integer>> lastOfEach(
      CommonTableExpression<Record2<Integer, Instant>> customers) {
    Messages m = TABLE.as("m");
    // Times are whole seconds, so there may be several.
    Table<Record1<Integer>> last =
        DSL.select(DSL.max(m.ID).as("id"))
            .from(m)
            .where(m.CUSTOMER_ID.eq(customerId(customers)))
            .and(m.TIMESTAMP.eq(timestamp(customers)))
            .asTable("last");
    return DSL.select(id(last))
        .from(customers)
        .crossJoin(DSL.lateral(last))
        .where(isAfter(timestamp(customers), id(last)))
        .orderBy(timestamp(customers).desc(), id(last).desc())
        .limit(WANTED);
  }

  private Condition isAfter(Field<Instant> timestamp, Field<Integer> id) {
    return goesOn ? DSL.row(timestamp, id).lt(LAST_TIME, LAST_ID) : DSL.noCondition();
  }

  private static Field<Integer> count(Table<?> rows) {
    return DSL.field(DSL.selectCount().from(rows));
  }

  private static Field<Integer> id(Table<?> rows) {
    return rows.field("id", Integer.class);
  }

  private static Field<Integer> customerId(Table<?> rows) {
    return rows.field("customer_id", Integer.class);
  }

  private static Field<Instant> timestamp(Table<?> rows) {
    return rows.field("timestamp", TABLE.TIMESTAMP.getDataType());
  }
}
