package dev.dovetable.core.webhooks;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.Page;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.BaseTables;
import dev.dovetable.core.internal.sql.Keyset;
import dev.dovetable.core.internal.sql.Texts;
import dev.dovetable.core.webhooks.ReceivedChange.Origin;
import dev.dovetable.core.webhooks.UnroutedWebhook.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/** The table of what found no agent. Immutable and thread-safe. */
final class UnroutedWebhooks {
  private static final String LIST = "unrouted";
  private static final Field<Long> ID = DSL.field(DSL.name("id"), Long.class);
  private static final Field<Instant> RECEIVED_AT =
      DSL.field(DSL.name("received_at"), SQLDataType.INSTANT);
  private static final Field<String> REASON = DSL.field(DSL.name("reason"), String.class);
  private static final Field<String> PHONE_NUMBER_ID =
      DSL.field(DSL.name("phone_number_id"), String.class);
  private static final Field<Long> AGENT_ID = DSL.field(DSL.name("agent_id"), Long.class);
  private static final Field<byte[]> BODY = DSL.field(DSL.name("body"), byte[].class);

  private final Session session;
  private final Table<Record> table;
  private final Table<Record> numbers;

  UnroutedWebhooks(Session session, BaseTables base) {
    this.session = session;
    this.table = DSL.table(base.internal("unrouted_webhooks"));
    this.numbers = DSL.table(base.internal("agent_numbers"));
  }

  /**
   * What is to be kept.
   *
   * @param origin empty if it came just now
   */
  record Kept(
      Reason reason, Optional<String> phoneNumberId, byte[] body, Optional<Origin> origin) {}

  /** What was kept, and its id. */
  record Found(long id, byte[] body, Origin origin) {}

  /**
   * What is there already stays as it is. Whose the number is, the same statement tells: asked
   * before, it could be another agent's by now.
   */
  void keep(List<Kept> all) {
    Field<Record> unnest =
        DSL.function(
            "unnest",
            SQLDataType.RECORD,
            DSL.val(array(all, kept -> kept.reason().name(), new String[0])),
            DSL.val(array(all, kept -> storable(kept.phoneNumberId()), new String[0])),
            DSL.val(
                // jOOQ writes arrays of bytes wrongly if one of them is empty.
                array(all, kept -> HexFormat.of().formatHex(kept.body()), new String[0])),
            DSL.val(
                array(
                    all,
                    kept -> kept.origin().map(o -> o.receivedAt().toString()).orElse(null),
                    new String[0])),
            DSL.val(
                array(
                    all,
                    kept -> kept.origin().flatMap(Origin::agentId).orElse(null),
                    new Long[0])));
    Field<byte[]> fromHex =
        DSL.function(
            "decode",
            SQLDataType.BLOB,
            DSL.field(BODY.getUnqualifiedName(), String.class),
            DSL.inline("hex"));
    session
        .dsl()
        .insertInto(table, REASON, PHONE_NUMBER_ID, BODY, RECEIVED_AT, AGENT_ID)
        .select(
            DSL.select(
                    REASON,
                    DSL.field(DSL.name("kept", "phone_number_id"), String.class),
                    fromHex,
                    DSL.field(
                        "coalesce({0}::timestamptz, now())",
                        SQLDataType.INSTANT, RECEIVED_AT.getUnqualifiedName()),
                    DSL.field(
                        "case when {0} is null then {1} else {2} end",
                        Long.class,
                        RECEIVED_AT.getUnqualifiedName(),
                        // No join, which would lose the order of the rows, and so of their ids.
                        DSL.field(
                            DSL.select(DSL.field(DSL.name("number", "agent_id"), Long.class))
                                .from(numbers.as("number"))
                                .where(
                                    DSL.field(DSL.name("number", "phone_number_id"), String.class)
                                        .eq(
                                            DSL.field(
                                                DSL.name("kept", "phone_number_id"),
                                                String.class)))),
                        DSL.field(DSL.name("kept", "agent_id"))))
                .from(
                    DSL.table("{0}", unnest)
                        .as(
                            "kept",
                            REASON.getName(),
                            PHONE_NUMBER_ID.getName(),
                            BODY.getName(),
                            RECEIVED_AT.getName(),
                            AGENT_ID.getName())))
        .onConflictDoNothing()
        .execute();
  }

  /** Without bodies: these may have megabytes each. */
  Page<UnroutedWebhook> list(UnroutedFilter filter, PageRequest page) {
    long after =
        page.after().map(cursor -> Keyset.toLong(Keyset.keys(cursor, LIST, 1).get(0))).orElse(0L);
    List<UnroutedWebhook> fetched =
        session
            .dsl()
            .select(ID, RECEIVED_AT, REASON, PHONE_NUMBER_ID)
            .from(table)
            .where(ID.gt(after).and(matching(filter)))
            .orderBy(ID)
            .limit(page.limit() + 1)
            .fetch(
                row ->
                    new UnroutedWebhook(
                        row.get(ID),
                        row.get(RECEIVED_AT),
                        Reason.valueOf(row.get(REASON)),
                        Optional.ofNullable(row.get(PHONE_NUMBER_ID))));
    return Keyset.page(fetched, page, last -> Keyset.cursor(LIST, last.id()));
  }

  private static Condition matching(UnroutedFilter filter) {
    Condition all = DSL.noCondition();
    if (filter.reason().isPresent()) {
      all = all.and(REASON.eq(filter.reason().get().name()));
    }
    if (filter.phoneNumberId().isPresent()) {
      all = all.and(PHONE_NUMBER_ID.eq(filter.phoneNumberId().get()));
    }
    return all;
  }

  List<Found> find(Collection<Long> ids) {
    return session
        .dsl()
        .select(ID, BODY, RECEIVED_AT, AGENT_ID)
        .from(table)
        .where(ID.eq(DSL.any(ids.toArray(Long[]::new))))
        .orderBy(ID)
        .fetch(
            row ->
                new Found(
                    row.get(ID),
                    row.get(BODY),
                    new Origin(row.get(RECEIVED_AT), Optional.ofNullable(row.get(AGENT_ID)))));
  }

  long delete(Collection<Long> ids) {
    return session
        .dsl()
        .deleteFrom(table)
        .where(ID.eq(DSL.any(ids.toArray(Long[]::new))))
        .execute();
  }

  long purge(UnroutedFilter filter, Duration olderThan) {
    if (olderThan.isNegative()) {
      throw new InvalidDataException(
          InvalidDataException.Kind.OUT_OF_BOUNDS,
          "purge got a negative duration, which would remove everything.",
          "Pass for how long it is kept: Duration.ofDays(30), for instance.");
    }
    return session
        .dsl()
        .deleteFrom(table)
        .where(
            DSL.condition(
                    "{0} < now() - {1} * interval '1 second'",
                    RECEIVED_AT, DSL.val(olderThan.toSeconds()))
                .and(matching(filter)))
        .execute();
  }

  /** It is in the body, too, if it is no text that the column can hold. */
  private static @Nullable String storable(Optional<String> phoneNumberId) {
    return phoneNumberId.filter(Texts::isStorable).orElse(null);
  }

  private static <T extends @Nullable Object> T[] array(
      List<Kept> all, Function<Kept, T> column, T[] type) {
    return all.stream().map(column).toList().toArray(type);
  }
}
