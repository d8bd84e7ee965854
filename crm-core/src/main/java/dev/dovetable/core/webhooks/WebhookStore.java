package dev.dovetable.core.webhooks;

import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.payload.Preference;
import dev.dovetable.core.internal.payload.WebhookChange;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.Json;
import dev.dovetable.core.internal.sql.QueryTemplate;
import dev.dovetable.core.internal.sql.Times;
import dev.dovetable.core.internal.sql.WebhooksRequired;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.JSONB;
import org.jooq.Param;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Stores what webhooks tell about one agent, behind its lock. Immutable and thread-safe. */
final class WebhookStore {
  private static final QueryTemplate<@Nullable JSONB> MESSAGES =
      usual("webhooks/store_messages.sql");
  private static final QueryTemplate<@Nullable JSONB> STATUSES =
      usual("webhooks/store_statuses.sql");

  private final Session session;
  private final AgentIdentity agent;

  WebhookStore(Session session, AgentIdentity agent) {
    this.session = session;
    this.agent = agent;
  }

  /**
   * A message that the agent has, or had, or a preference.
   *
   * @param messageId empty if it was deleted
   * @param customerId whose conversation it is in; empty if it was deleted
   * @param isNew whether it was stored just now
   * @param isMerging whether it, or a status of it, has shown customers to be one
   * @param isThere false if there is no more than a status of it
   */
  record Known(
      Optional<Integer> messageId,
      Optional<Integer> customerId,
      boolean isNew,
      boolean isMerging,
      boolean isThere) {}

  /** That there is nothing to store in. */
  RefusedException missing() {
    return WebhooksRequired.missing(agent, null);
  }

  private static QueryTemplate<@Nullable JSONB> usual(String file) {
    return QueryTemplate.ofFile(file, DSL.field(DSL.name("known"), SQLDataType.JSONB));
  }

  /**
   * Those of the messages, and of those that statuses are about, that are known. One round trip for
   * each portion of the messages; one more if a sender is new, or something new is told of one.
   */
  Map<String, Known> store(List<WebhookChange> changes) {
    Map<String, Known> known = new HashMap<>();
    for (WebhookBatch portion : new WebhookBatch(agent, changes).portions()) {
      // What a portion has stored is known to a later one that has a status of it.
      store(portion).forEach(known::putIfAbsent);
    }
    return known;
  }

  private Map<String, Known> store(WebhookBatch batch) {
    Optional<Map<String, Known>> usual = storeUsual(batch);
    // A message that isn't known after that was linked by another transaction meanwhile.
    if (usual.map(known -> known.keySet().containsAll(batch.messageIds())).orElse(false)) {
      return usual.orElseThrow();
    }
    Map<String, Known> known = new HashMap<>(storeAny(batch.toJson()));
    usual.ifPresent(known::putAll);
    return known;
  }

  /** Empty if nothing was stored, because it takes {@link #storeAny}. */
  private Optional<Map<String, Known>> storeUsual(WebhookBatch batch) {
    return batch.hasStatuses()
        ? known(STATUSES, batch.toJson())
        : batch.messagesJson().flatMap(json -> known(MESSAGES, json));
  }

  private Optional<Map<String, Known>> known(
      QueryTemplate<@Nullable JSONB> statement, JSONB batch) {
    Param<String> schema = DSL.inline(agent.schema());
    return Optional.ofNullable(
            statement.fetchSingle(
                session.dsl(),
                agent,
                Map.of(
                    "content",
                    DSL.val(batch),
                    "schema",
                    schema,
                    "messages",
                    DSL.inline(agent.prefix() + "_messages"),
                    "store_webhook",
                    agent.base().internal("store_webhook"),
                    "agent",
                    DSL.inline(agent.prefix()))))
        .map(WebhookStore::known);
  }

  private Map<String, Known> storeAny(JSONB batch) {
    return known(
        session
            .dsl()
            .select(
                DSL.function(
                    agent.base().internal("store_webhook"),
                    SQLDataType.JSONB,
                    DSL.val(agent.prefix()),
                    DSL.val(batch)))
            .fetchSingle()
            .value1());
  }

  /** By what a preference, which has no id of WhatsApp's, is known. */
  static String key(Preference told) {
    String address = told.person().userId().or(told.person()::phone).orElse("");
    return String.join(
        " ", "consent", address, told.category(), Times.text(told.at()), told.value());
  }

  static Map<String, Known> known(JSONB json) {
    Map<String, Known> known = new HashMap<>();
    for (Map.Entry<String, JsonNode> message : Json.read(json).properties()) {
      JsonNode value = message.getValue();
      known.put(
          message.getKey(),
          new Known(
              id(value.path("message_id")),
              id(value.path("customer_id")),
              value.path("stored").booleanValue(),
              value.path("merged").asBoolean(false),
              value.path("there").asBoolean(true)));
    }
    return known;
  }

  private static Optional<Integer> id(JsonNode id) {
    return id.isNumber() ? Optional.of(id.intValue()) : Optional.empty();
  }
}
