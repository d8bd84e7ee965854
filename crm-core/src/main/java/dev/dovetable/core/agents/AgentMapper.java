package dev.dovetable.core.agents;

import dev.dovetable.core.internal.sql.Json;
import dev.dovetable.core.internal.sql.Times;
import dev.dovetable.core.jooq.tables.Agents;
import java.util.Optional;
import java.util.UUID;
import org.jooq.JSONB;
import org.jooq.Record;
import tools.jackson.databind.JsonNode;

/**
 * Internal: rows of {@code agents}. Takes the table as it is named or aliased in the query.
 *
 * @hidden
 */
public final class AgentMapper {

  private AgentMapper() {}

  /**
   * Internal: reads what a function answered.
   *
   * @param json what a function answered
   * @return what is in it
   */
  public static Agent agent(JSONB json) {
    JsonNode row = Json.read(json);
    return new Agent(
        row.path("id").longValue(),
        row.path("agent_prefix").stringValue(),
        Json.text(row, "user_id").map(UUID::fromString),
        UUID.fromString(row.path("created_by").stringValue()),
        Json.time(row, "created_at"));
  }

  /**
   * Internal: reads a row.
   *
   * @param row a row
   * @param t the table as the query names it
   * @return what is in it
   */
  public static Agent agent(Record row, Agents t) {
    return new Agent(
        row.get(t.ID),
        row.get(t.AGENT_PREFIX),
        Optional.ofNullable(row.get(t.USER_ID)),
        row.get(t.CREATED_BY),
        Times.orEpoch(row.get(t.CREATED_AT)));
  }
}
