package dev.wacrm.core;

import dev.wacrm.core.internal.whatsapp.WebhookPart;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** Stores what webhooks tell about one agent. Immutable and thread-safe. */
final class WebhookStore {
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
   * Those of the messages, and of those that statuses are about, that are known. One round trip.
   */
  Map<String, Known> store(List<WebhookPart> parts) {
    WebhookContent content =
        new WebhookContent(
            agent,
            parts.stream().flatMap(part -> part.messages().stream()).toList(),
            parts.stream().flatMap(part -> part.statuses().stream()).toList());
    return Json.known(
        session
            .dsl()
            .select(
                DSL.function(
                    agent.base().internal("store_webhook"),
                    SQLDataType.JSONB,
                    DSL.val(agent.prefix()),
                    DSL.val(content.toJson())))
            .fetchSingle()
            .value1());
  }
}
