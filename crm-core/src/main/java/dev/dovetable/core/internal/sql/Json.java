package dev.dovetable.core.internal.sql;

import dev.dovetable.core.internal.json.JsonTrees;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jooq.JSONB;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON that goes to and comes from the functions of the specification. */
public final class Json {
  private static final JsonTrees TREES =
      new JsonTrees(
          // Names are ids of messages, and all different: to look each up would only fill a table.
          JsonFactory.builder()
              .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
              .build(),
          false);

  private Json() {}

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  public static JSONB toJooq(JsonNode json) {
    return JSONB.valueOf(write(json));
  }

  public static String write(JsonNode json) {
    return TREES.write(json);
  }

  public static JsonNode read(JSONB json) {
    return TREES.read(json.data());
  }

  public static Optional<String> text(JsonNode row, String field) {
    @Nullable JsonNode value = row.get(field);
    return value == null || value.isNull() ? Optional.empty() : Optional.of(value.stringValue());
  }

  /** PostgreSQL writes the session's offset; see {@link Times#orEpoch} for null. */
  public static Instant time(JsonNode row, String field) {
    return text(row, field)
        .map(text -> OffsetDateTime.parse(text).toInstant())
        .orElse(Instant.EPOCH);
  }
}
