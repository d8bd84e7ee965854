package dev.dovetable.core.whatsapp;

import dev.dovetable.core.internal.sql.Json;
import dev.dovetable.core.internal.sql.Times;
import dev.dovetable.core.jooq.tables.WhatsappConfiguration;
import java.util.Optional;
import java.util.UUID;
import org.jooq.JSONB;
import org.jooq.Record;
import tools.jackson.databind.JsonNode;

/**
 * Rows of {@code whatsapp_configuration}, from tables and as JSON from the functions of the
 * specification.
 */
final class WhatsAppConfigMapper {

  private WhatsAppConfigMapper() {}

  static WhatsAppConfig whatsAppConfig(JSONB json) {
    JsonNode row = Json.read(json);
    return new WhatsAppConfig(
        row.path("id").longValue(),
        UUID.fromString(row.path("user_id").stringValue()),
        row.path("whatsapp_number").stringValue(),
        row.path("webhook_url").stringValue(),
        Json.text(row, "api_key"),
        Json.text(row, "business_account_id"),
        Json.text(row, "phone_number_id"),
        Json.text(row, "verify_token"),
        row.path("is_active").asBoolean(false),
        Json.time(row, "created_at"),
        Json.time(row, "updated_at"));
  }

  static WhatsAppConfig whatsAppConfig(Record row, WhatsappConfiguration t) {
    return new WhatsAppConfig(
        row.get(t.ID),
        row.get(t.USER_ID),
        row.get(t.WHATSAPP_NUMBER),
        row.get(t.WEBHOOK_URL),
        Optional.ofNullable(row.get(t.API_KEY)),
        Optional.ofNullable(row.get(t.BUSINESS_ACCOUNT_ID)),
        Optional.ofNullable(row.get(t.PHONE_NUMBER_ID)),
        Optional.ofNullable(row.get(t.VERIFY_TOKEN)),
        Boolean.TRUE.equals(row.get(t.IS_ACTIVE)),
        Times.orEpoch(row.get(t.CREATED_AT)),
        Times.orEpoch(row.get(t.UPDATED_AT)));
  }
}
