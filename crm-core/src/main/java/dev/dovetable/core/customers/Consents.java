package dev.dovetable.core.customers;

import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.Json;
import dev.dovetable.core.internal.sql.QueryTemplate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jooq.JSONB;
import org.jooq.impl.DSL;
import tools.jackson.databind.JsonNode;

/** Reads what customers have told WhatsApp to stop. */
final class Consents {
  private static final QueryTemplate<JSONB> OF_CUSTOMER =
      QueryTemplate.ofFile("customers/consents.sql", DSL.field(DSL.name("consents"), JSONB.class));

  private Consents() {}

  static List<Consent> of(Session session, AgentIdentity agent, int customerId) {
    List<Consent> all = new ArrayList<>();
    for (JsonNode row : fetch(session, agent, customerId).values()) {
      all.add(
          new Consent(
              row.path("category").stringValue(),
              row.path("value").stringValue(),
              Json.text(row, "detail"),
              LocalDateTime.parse(row.path("at").stringValue()).toInstant(ZoneOffset.UTC),
              Json.text(row, "phone_number_id")));
    }
    return all;
  }

  private static JsonNode fetch(Session session, AgentIdentity agent, int customerId) {
    try {
      return Json.read(
          OF_CUSTOMER.fetchSingle(session.dsl(), agent, Map.of("id", DSL.val(customerId))));
    } catch (DatabaseException e) {
      if (e.kind() != DatabaseException.Kind.NOT_INSTALLED) {
        throw e;
      }
      throw new RefusedException(
          RefusedException.Reason.WEBHOOKS_NOT_REGISTERED,
          "The agent " + agent.prefix() + " has no tables for webhooks.",
          "Run at every start, after CrmSchema.install:"
              + " AgentMigrations.builder(Webhooks.extension()).schema(\""
              + agent.schema()
              + "\").build().run(dataSource);",
          e);
    }
  }
}
