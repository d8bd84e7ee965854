package dev.dovetable.core;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.JSONB;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON that goes to and comes from the functions of the specification. */
final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              // Names are ids of messages, and all different: to look each up would only fill a
              // table.
              JsonFactory.builder()
                  .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                  .build())
          .build();

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static ArrayNode array() {
    return MAPPER.createArrayNode();
  }

  static JSONB toJooq(JsonNode json) {
    return JSONB.valueOf(MAPPER.writeValueAsString(json));
  }

  static Agent agent(JSONB json) {
    JsonNode row = MAPPER.readTree(json.data());
    return new Agent(
        row.path("id").longValue(),
        row.path("agent_prefix").stringValue(),
        text(row, "user_id").map(UUID::fromString),
        UUID.fromString(row.path("created_by").stringValue()),
        time(row, "created_at"));
  }

  static WhatsAppConfig whatsAppConfig(JSONB json) {
    JsonNode row = MAPPER.readTree(json.data());
    return new WhatsAppConfig(
        row.path("id").longValue(),
        UUID.fromString(row.path("user_id").stringValue()),
        row.path("whatsapp_number").stringValue(),
        row.path("webhook_url").stringValue(),
        text(row, "api_key"),
        text(row, "business_account_id"),
        text(row, "phone_number_id"),
        text(row, "verify_token"),
        row.path("is_active").asBoolean(false),
        time(row, "created_at"),
        time(row, "updated_at"));
  }

  static Map<String, WebhookStore.Known> known(JSONB json) {
    Map<String, WebhookStore.Known> known = new HashMap<>();
    for (Map.Entry<String, JsonNode> message : MAPPER.readTree(json.data()).properties()) {
      JsonNode id = message.getValue().path("message_id");
      known.put(
          message.getKey(),
          new WebhookStore.Known(
              id.isNull() ? Optional.empty() : Optional.of(id.intValue()),
              message.getValue().path("stored").booleanValue()));
    }
    return known;
  }

  private static Optional<String> text(JsonNode row, String field) {
    @Nullable JsonNode value = row.get(field);
    return value == null || value.isNull() ? Optional.empty() : Optional.of(value.stringValue());
  }

  /** PostgreSQL writes the session's offset; see {@link Rows} for null. */
  private static Instant time(JsonNode row, String field) {
    return text(row, field)
        .map(text -> OffsetDateTime.parse(text).toInstant())
        .orElse(Instant.EPOCH);
  }
}
