package dev.dovetable.core.changes;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.internal.sql.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import tools.jackson.databind.JsonNode;

/** Reads what the functions of the feed give. */
final class ChangeReader {
  private static final int MAX_LIMIT = 10_000;

  private ChangeReader() {}

  static Field<String> text(Optional<String> value) {
    return DSL.val(value.orElse(null), SQLDataType.CLOB);
  }

  static int limit(int limit) {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new InvalidDataException(
          InvalidDataException.Kind.OUT_OF_BOUNDS,
          "A page of " + limit + " changes was asked for.",
          "Ask for 1 to " + MAX_LIMIT + ".");
    }
    return limit;
  }

  static ChangePage page(JSONB json) {
    JsonNode page = Json.read(json);
    List<Change> changes = new ArrayList<>();
    for (JsonNode row : page.path("changes").values()) {
      changes.add(change(row));
    }
    return new ChangePage(
        changes,
        ChangeCursor.at(page.path("place").stringValue()),
        page.path("has_more").booleanValue());
  }

  private static Change change(JsonNode row) {
    return new Change(
        row.path("position").longValue(),
        Json.time(row, "at"),
        row.path("agent_id").longValue(),
        Json.text(row, "agent"),
        row.path("topic").stringValue(),
        ChangeOperation.valueOf(row.path("operation").stringValue()),
        row.path("ids").valueStream().map(JsonNode::longValue).toList(),
        row.path("customer_ids").valueStream().map(JsonNode::intValue).toList());
  }
}
