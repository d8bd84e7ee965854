package dev.wacrm.core;

import dev.wacrm.core.internal.whatsapp.WebhookPart;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** Stores what webhooks tell about one agent. Immutable and thread-safe. */
final class WebhookStore {
  private static final String USUAL = SqlFile.text("webhooks/store_usual.sql");

  private final Session session;
  private final AgentIdentity agent;

  WebhookStore(Session session, AgentIdentity agent) {
    this.session = session;
    this.agent = agent;
  }

  /**
   * A message that the agent has, or had.
   *
   * @param messageId empty if it was deleted
   * @param isNew whether it was stored just now
   */
  record Known(Optional<Integer> messageId, boolean isNew) {}

  /** That there is nothing to store in. */
  RefusedException missing() {
    return WebhookTables.missing(agent, null);
  }

  /**
   * Those of the messages, and of those that statuses are about, that are known. One round trip;
   * one more if a sender is new, or something new is told of one.
   */
  Map<String, Known> store(List<WebhookPart> parts) {
    WebhookContent content =
        new WebhookContent(
            agent,
            parts.stream().flatMap(part -> part.messages().stream()).toList(),
            parts.stream().flatMap(part -> part.statuses().stream()).toList());
    JSONB json = content.toJson();
    Optional<Map<String, Known>> usual = storeUsual(json);
    // A message that isn't known after that was linked by another transaction meanwhile.
    if (usual.map(known -> known.keySet().containsAll(content.messageIds())).orElse(false)) {
      return usual.orElseThrow();
    }
    Map<String, Known> known = new HashMap<>(storeAny(json));
    usual.ifPresent(known::putAll);
    return known;
  }

  /** Empty if nothing was stored, because it takes {@link #storeAny}. */
  private Optional<Map<String, Known>> storeUsual(JSONB content) {
    return session
        .after(lock())
        .resultQuery(
            USUAL,
            DSL.val(content),
            table("whatsapp_deliveries"),
            table("whatsapp_identities"),
            table("messages"),
            table("whatsapp_details"),
            table("whatsapp_statuses"),
            DSL.inline(agent.schema()),
            DSL.inline(agent.prefix() + "_messages"))
        .fetchSingle(row -> Optional.ofNullable(row.get(0, JSONB.class)).map(Json::known));
  }

  private Table<Record> table(String name) {
    return WebhookTables.of(agent, name);
  }

  private Map<String, Known> storeAny(JSONB content) {
    return Json.known(
        session
            .dsl()
            .select(
                DSL.function(
                    agent.base().internal("store_webhook"),
                    SQLDataType.JSONB,
                    DSL.val(agent.prefix()),
                    DSL.val(content)))
            .fetchSingle()
            .value1());
  }

  /** That of store_webhook(), ahead of the statement, so that this sees what was stored before. */
  private Select<?> lock() {
    return DSL.select(
        DSL.field(
            "pg_advisory_xact_lock(hashtextextended({0}, format('%I.agents',"
                + " {1})::regclass::oid::bigint))",
            DSL.inline("webhooks of " + agent.prefix()), DSL.inline(agent.schema())));
  }
}
