package dev.dovetable.core.webhooks;

import dev.dovetable.core.customers.CustomersByPhone;
import dev.dovetable.core.internal.payload.InboundMessage;
import dev.dovetable.core.internal.payload.Media;
import dev.dovetable.core.internal.payload.MessageStatus;
import dev.dovetable.core.internal.payload.PhoneKeys;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.Json;
import dev.dovetable.core.internal.sql.Times;
import dev.dovetable.core.messages.MessageDirection;
import dev.dovetable.core.messages.MessageMapper;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jooq.JSONB;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/**
 * Messages and statuses of one agent, as the database takes them: one value, whatever their number.
 * Immutable and thread-safe.
 */
final class WebhookBatch {
  private final AgentIdentity agent;
  private final Map<String, InboundMessage> messages = new LinkedHashMap<>();
  private final List<MessageStatus> statuses;

  /** Of several messages with one id, the first is taken. */
  WebhookBatch(AgentIdentity agent, List<InboundMessage> messages, List<MessageStatus> statuses) {
    this.agent = agent;
    messages.forEach(message -> this.messages.putIfAbsent(message.providerId(), message));
    this.statuses = List.copyOf(statuses);
  }

  /** WhatsApp's ids of the messages. */
  Set<String> messageIds() {
    return Collections.unmodifiableSet(messages.keySet());
  }

  boolean hasStatuses() {
    return !statuses.isEmpty();
  }

  /** All of it, and what it takes to find or make the senders: for store_webhook() and statuses. */
  JSONB toJson() {
    SenderGroups senders = senders();
    ObjectNode batch = Json.object();
    ArrayNode groups = batch.putArray("senders");
    for (List<SenderGroups.Sighting> group : senders.all()) {
      ArrayNode aliases = groups.addArray();
      group.forEach(sighting -> findable(add(aliases.addObject(), sighting), sighting.alias()));
    }
    addMessages(batch.putArray("messages"), senders);
    addStatuses(batch.putArray("statuses"));
    return Json.toJooq(batch);
  }

  /** For store_messages.sql. */
  JSONB messagesJson() {
    SenderGroups senders = senders();
    ObjectNode batch = Json.object();
    ArrayNode aliases = batch.putArray("aliases");
    int number = 0;
    for (List<SenderGroups.Sighting> group : senders.all()) {
      number++;
      for (SenderGroups.Sighting sighting : group) {
        add(aliases.addObject().put("sender", number), sighting);
      }
    }
    addMessages(batch.putArray("messages"), senders);
    return Json.toJooq(batch);
  }

  private SenderGroups senders() {
    return new SenderGroups(List.copyOf(messages.values()));
  }

  private void addMessages(ArrayNode rows, SenderGroups senders) {
    messages.values().forEach(message -> add(rows.addObject(), message, senders));
  }

  private void addStatuses(ArrayNode rows) {
    statuses.forEach(status -> add(rows.addObject(), status));
  }

  private static ObjectNode add(ObjectNode row, SenderGroups.Sighting sighting) {
    SenderGroups.Alias alias = sighting.alias();
    row.put("kind", alias.kind().column());
    row.put("value", alias.value());
    row.put("match_key", alias.key().text());
    row.put("seen_at", time(sighting.seenAt()));
    sighting
        .named()
        .ifPresent(named -> row.put("name", named.name()).put("named_at", time(named.at())));
    return row;
  }

  private void findable(ObjectNode row, SenderGroups.Alias alias) {
    row.put("lock", CustomersByPhone.lockKey(agent, alias.value()));
    ArrayNode spellings = row.putArray("spellings");
    spellings(alias).forEach(spellings::add);
  }

  /** In which the application may have written it into a customer's row. */
  private static Set<String> spellings(SenderGroups.Alias alias) {
    Set<String> all = new LinkedHashSet<>(List.of(alias.value()));
    if (alias.kind() == SenderGroups.Kind.PHONE) {
      for (String digits : PhoneKeys.spellings(alias.value())) {
        all.add(digits);
        all.add("+" + digits);
      }
    }
    return all;
  }

  private static void add(ObjectNode row, InboundMessage message, SenderGroups senders) {
    MessageDirection direction =
        message.echo() ? MessageDirection.OUTBOUND : MessageDirection.INBOUND;
    row.put("provider_id", message.providerId());
    row.put("sender", senders.numberOf(message));
    row.put("direction", MessageMapper.column(direction));
    row.put("text", message.text());
    row.put("sent_at", time(message.timestamp()));
    row.put("kind", message.kind());
    put(row, "reply_to", message.repliesTo());
    put(row, "concerns", message.concerns());
    put(row, "media_id", message.media().flatMap(Media::id));
    put(row, "mime_type", message.media().flatMap(Media::mimeType));
    put(row, "caption", message.media().flatMap(Media::caption));
    put(row, "file_name", message.media().flatMap(Media::fileName));
    put(row, "sha256", message.media().flatMap(Media::sha256));
    message
        .coordinates()
        .ifPresent(
            place -> row.put("latitude", place.latitude()).put("longitude", place.longitude()));
    row.putRawValue("payload", new RawValue(message.payload()));
  }

  private static void add(ObjectNode row, MessageStatus status) {
    row.put("provider_id", status.providerId());
    row.put("state", status.state().name().toLowerCase(Locale.ROOT));
    row.put("at", time(status.timestamp()));
    row.putRawValue("errors", new RawValue(status.errors()));
  }

  private static void put(ObjectNode row, String field, Optional<String> value) {
    value.ifPresent(text -> row.put(field, text));
  }

  private static String time(Instant time) {
    return Times.text(Times.require(time, "timestamp"));
  }
}
