package dev.wacrm.core;

import dev.wacrm.core.UnroutedWebhook.Reason;
import dev.wacrm.core.jooq.tables.Agents;
import dev.wacrm.core.jooq.tables.WhatsappConfiguration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Finds the agents of business numbers. Immutable and thread-safe. */
final class WebhookRoutes {
  private final Session session;
  private final BaseTables base;
  private final WhatsappConfiguration configurations;
  private final Agents agents;

  WebhookRoutes(Session session, BaseTables base) {
    this.session = session;
    this.base = base;
    this.configurations = base.whatsappConfiguration();
    this.agents = base.agents();
  }

  /** Where deliveries for a number go. */
  sealed interface Route {
    /**
     * To an agent.
     *
     * @param isPrepared whether the agent has the tables of {@link Webhooks#extension()}
     */
    record ToAgent(String prefix, boolean isPrepared) implements Route {}

    /** Nowhere. */
    record Nowhere(Reason reason) implements Route {}
  }

  private record Row(String number, boolean isActive, @Nullable String prefix, boolean isPrepared) {
    Route route() {
      if (!isActive) {
        return new Route.Nowhere(Reason.INACTIVE_CONFIGURATION);
      }
      return prefix == null
          ? new Route.Nowhere(Reason.NO_AGENT)
          : new Route.ToAgent(prefix, isPrepared);
    }
  }

  /** Those of the numbers that there is a configuration for. One round trip. */
  Map<String, Route> find(Collection<String> phoneNumberIds) {
    Field<Boolean> prepared = DSL.field(isPrepared());
    return session
        .dsl()
        .select(
            configurations.PHONE_NUMBER_ID, configurations.IS_ACTIVE, agents.AGENT_PREFIX, prepared)
        .from(configurations)
        .leftJoin(agents)
        .on(agents.USER_ID.eq(configurations.USER_ID))
        .where(
            configurations.PHONE_NUMBER_ID.eq(
                DSL.any(phoneNumberIds.stream().filter(Texts::isStorable).toArray(String[]::new))))
        .fetch(
            row ->
                new Row(
                    row.get(configurations.PHONE_NUMBER_ID),
                    Boolean.TRUE.equals(row.get(configurations.IS_ACTIVE)),
                    row.get(agents.AGENT_PREFIX),
                    row.get(prepared)))
        .stream()
        .collect(
            Collectors.groupingBy(
                Row::number,
                Collectors.collectingAndThen(Collectors.toList(), WebhookRoutes::choose)));
  }

  private static Route choose(List<Row> rows) {
    List<Row> active = rows.stream().filter(Row::isActive).toList();
    // Rather no agent than the wrong one.
    return active.size() > 1
        ? new Route.Nowhere(Reason.AMBIGUOUS_NUMBER)
        : Optional.of(active).filter(all -> !all.isEmpty()).orElse(rows).get(0).route();
  }

  private Condition isPrepared() {
    Table<Record> versions = DSL.table(base.internal("agent_versions"));
    return DSL.exists(
        DSL.selectOne()
            .from(versions)
            .where(DSL.field(DSL.name("agent_id"), Long.class).eq(agents.ID))
            .and(
                DSL.field(DSL.name("extension"), String.class)
                    .eq(DSL.inline(WebhookTables.EXTENSION)))
            .and(
                DSL.field(DSL.name("version"), Long.class)
                    .eq(DSL.inline((long) WebhookTables.VERSION))));
  }
}
