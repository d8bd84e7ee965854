package dev.dovetable.core.webhooks;

import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.BaseTables;
import dev.dovetable.core.internal.sql.Exists;
import dev.dovetable.core.internal.sql.QueryTemplate;
import dev.dovetable.core.internal.sql.SqlTemplate;
import dev.dovetable.core.internal.sql.Texts;
import dev.dovetable.core.jooq.tables.Agents;
import dev.dovetable.core.webhooks.UnroutedWebhook.Reason;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.Record;
import org.jooq.Records;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/** Finds the agents of business numbers. Immutable and thread-safe. */
final class WebhookRoutes {
  private static final Agents A = Agents.AGENTS.as("a");
  private static final Name NUMBER = DSL.name("n");
  private static final Field<String> PHONE_NUMBER_ID =
      column("phone_number_id", SQLDataType.VARCHAR);
  private static final QueryTemplate<Row> FIND =
      QueryTemplate.of(
          () ->
              DSL.select(
                      PHONE_NUMBER_ID,
                      column("is_active", SQLDataType.BOOLEAN),
                      A.AGENT_PREFIX,
                      DSL.field(isPrepared()),
                      A.ID,
                      column("since", SQLDataType.INSTANT))
                  .from(DSL.table(DSL.raw("{agent_numbers}")).as(NUMBER))
                  .leftJoin(A)
                  .on(A.ID.eq(column("agent_id", SQLDataType.BIGINT)))
                  // Without a user, nobody could store anything.
                  .and(A.USER_ID.isNotNull())
                  .where(
                      PHONE_NUMBER_ID.eq(
                          DSL.any(SqlTemplate.slot("numbers", SQLDataType.VARCHAR.array()))))
                  .and(column("released_at", SQLDataType.INSTANT).isNull()),
          Records.mapping(Row::of));

  private final Session session;
  private final BaseTables base;

  WebhookRoutes(Session session, BaseTables base) {
    this.session = session;
    this.base = base;
  }

  /** Where callbacks for a number go. */
  sealed interface Route {
    /**
     * To an agent.
     *
     * @param isPrepared whether the agent has the tables of {@link Webhooks#extension()}
     * @param holding since when it has the number; empty if that is of no interest
     */
    record ToAgent(String prefix, boolean isPrepared, Optional<Holding> holding) implements Route {}

    /** Nowhere. */
    record Nowhere(Reason reason) implements Route {}

    /** To no agent, since there is nothing for one. */
    record News() implements Route {}
  }

  /**
   * That an agent has a number.
   *
   * @param since empty if nobody had it before
   */
  record Holding(long agentId, Optional<Instant> since) {}

  private record Row(
      String number,
      boolean isActive,
      @Nullable String prefix,
      boolean isPrepared,
      Optional<Holding> holding) {
    static Row of(
        String number,
        @Nullable Boolean isActive,
        @Nullable String prefix,
        boolean isPrepared,
        @Nullable Long agentId,
        @Nullable Instant since) {
      return new Row(
          number,
          Boolean.TRUE.equals(isActive),
          prefix,
          isPrepared,
          Optional.ofNullable(agentId).map(id -> new Holding(id, Optional.ofNullable(since))));
    }

    Route route() {
      if (!isActive) {
        return new Route.Nowhere(Reason.INACTIVE_CONFIGURATION);
      }
      return prefix == null
          ? new Route.Nowhere(Reason.NO_AGENT)
          : new Route.ToAgent(prefix, isPrepared, holding);
    }
  }

  /** Those of the numbers that somebody has. One round trip. */
  Map<String, Route> find(Collection<String> phoneNumberIds) {
    String[] numbers = phoneNumberIds.stream().filter(Texts::isStorable).toArray(String[]::new);
    return FIND
        .fetch(
            session.dsl(),
            base,
            Map.of(
                "numbers",
                DSL.val(numbers),
                "agent_versions",
                DSL.table(base.internal("agent_versions")),
                "agent_numbers",
                DSL.table(base.internal("agent_numbers"))))
        .stream()
        .collect(Collectors.toMap(Row::number, Row::route));
  }

  private static <T> Field<T> column(String name, DataType<T> type) {
    return DSL.field(NUMBER.append(name), type);
  }

  private static Condition isPrepared() {
    Table<Record> versions = DSL.table(DSL.raw("{agent_versions}"));
    return Exists.in(
        DSL.selectOne()
            .from(versions)
            .where(DSL.field(DSL.name("agent_id"), Long.class).eq(A.ID))
            .and(
                DSL.field(DSL.name("extension"), String.class)
                    .eq(DSL.inline(WebhookTables.EXTENSION)))
            .and(
                DSL.field(DSL.name("version"), Long.class)
                    .eq(DSL.inline((long) WebhookTables.VERSION))));
  }
}
