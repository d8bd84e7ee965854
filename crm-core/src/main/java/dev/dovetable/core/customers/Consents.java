package dev.dovetable.core.customers;

import dev.dovetable.core.internal.connection.Session;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.Json;
import dev.dovetable.core.internal.sql.QueryTemplate;
import dev.dovetable.core.internal.sql.WebhooksRequired;
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
    return Json.read(
        WebhooksRequired.run(
            agent,
            () ->
                OF_CUSTOMER.fetchSingle(session.dsl(), agent, Map.of("id", DSL.val(customerId)))));
  }
}
