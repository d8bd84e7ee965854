package dev.dovetable.core.webhooks;

import dev.dovetable.core.customers.CustomersByPhone;
import dev.dovetable.core.internal.payload.GroupSubject;
import dev.dovetable.core.internal.payload.InboundMessage;
import dev.dovetable.core.internal.payload.InboundMessage.Half;
import dev.dovetable.core.internal.payload.Media;
import dev.dovetable.core.internal.payload.MessageStatus;
import dev.dovetable.core.internal.payload.Preference;
import dev.dovetable.core.internal.payload.PricedConversation;
import dev.dovetable.core.internal.payload.Pricing;
import dev.dovetable.core.internal.payload.Sender;
import dev.dovetable.core.internal.payload.Sighting;
import dev.dovetable.core.internal.payload.WebhookChange;
import dev.dovetable.core.internal.sql.AgentIdentity;
import dev.dovetable.core.internal.sql.Json;
import dev.dovetable.core.internal.sql.Times;
import dev.dovetable.core.messages.MessageDirection;
import dev.dovetable.core.messages.MessageMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.JSONB;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/**
 * Messages and statuses of one agent, as the database takes them: one value, whatever their number.
 * Immutable and thread-safe.
 */
final class WebhookBatch {
  /** Messages of new senders that are stored in a fraction of a second. */
  private static final int PORTION = 100;

  private final AgentIdentity agent;
  private final Map<String, InboundMessage> messages = new LinkedHashMap<>();

  /** The business numbers that messages came or went through. */
  private final Map<String, String> numbers;

  private final List<MessageStatus> statuses;
  private final List<Sighting> sightings;
  private final List<GroupSubject> groups;
  private final List<Told> preferences;

  /** A preference, and the business number that it was told to. */
  private record Told(Preference preference, Optional<String> phoneNumberId) {}

  /** Of several messages with one id, the first is taken, or both halves of a file. */
  WebhookBatch(AgentIdentity agent, List<WebhookChange> changes) {
    this(
        agent,
        all(changes, WebhookChange::messages),
        numbers(changes),
        all(changes, WebhookChange::statuses),
        all(changes, WebhookChange::sightings),
        all(changes, WebhookChange::groups),
        changes.stream()
            .flatMap(
                change ->
                    change.preferences().stream().map(p -> new Told(p, change.phoneNumberId())))
            .toList());
  }

  private WebhookBatch(
      AgentIdentity agent,
      List<InboundMessage> messages,
      Map<String, String> numbers,
      List<MessageStatus> statuses,
      List<Sighting> sightings,
      List<GroupSubject> groups,
      List<Told> preferences) {
    this.agent = agent;
    for (InboundMessage message : messages) {
      this.messages.merge(message.providerId(), message, InboundMessage::together);
    }
    this.numbers = numbers;
    this.preferences = preferences;
    this.statuses = statuses;
    this.sightings = sightings;
    this.groups = groups;
  }

  private static Map<String, String> numbers(List<WebhookChange> changes) {
    Map<String, String> numbers = new HashMap<>();
    for (WebhookChange change : changes) {
      Stream.concat(
              change.messages().stream().map(InboundMessage::providerId),
              change.statuses().stream().map(MessageStatus::providerId))
          .forEach(id -> change.phoneNumberId().ifPresent(n -> numbers.putIfAbsent(id, n)));
    }
    return numbers;
  }

  private static <T> List<T> all(
      List<WebhookChange> changes, Function<WebhookChange, List<T>> what) {
    return changes.stream().flatMap(change -> what.apply(change).stream()).toList();
  }

  /**
   * This, if it has few messages; else in parts, each of which is stored by itself: so nobody waits
   * long for the agent's lock. What is there twice after a crash is a duplicate.
   */
  List<WebhookBatch> portions() {
    if (messages.size() <= PORTION) {
      return List.of(this);
    }
    Map<String, List<Sighting>> bySource =
        sightings.stream()
            .filter(one -> messages.containsKey(one.source()))
            .collect(Collectors.groupingBy(Sighting::source));
    List<Sighting> others =
        sightings.stream().filter(one -> !messages.containsKey(one.source())).toList();
    List<InboundMessage> all = List.copyOf(messages.values());
    List<WebhookBatch> portions = new ArrayList<>();
    for (int from = 0; from < all.size(); from += PORTION) {
      List<InboundMessage> some = all.subList(from, Math.min(all.size(), from + PORTION));
      List<Sighting> its =
          some.stream()
              .flatMap(message -> bySource.getOrDefault(message.providerId(), List.of()).stream())
              .toList();
      portions.add(new WebhookBatch(agent, some, numbers, List.of(), its, List.of(), List.of()));
    }
    // Whoever has a preference is among the others.
    if (!statuses.isEmpty() || !others.isEmpty() || !groups.isEmpty()) {
      portions.add(
          new WebhookBatch(agent, List.of(), numbers, statuses, others, groups, preferences));
    }
    return portions;
  }

  /** WhatsApp's ids of the messages. */
  Set<String> messageIds() {
    return Collections.unmodifiableSet(messages.keySet());
  }

  boolean hasStatuses() {
    return !statuses.isEmpty()
        || messages.values().stream().anyMatch(message -> message.pastState().isPresent());
  }

  /** All of it, and what it takes to find or make the senders: for store_webhook() and statuses. */
  JSONB toJson() {
    Senders senders = senders(true);
    ObjectNode batch = content(senders);
    for (int i = 0; i < senders.all().size(); i++) {
      ObjectNode row = (ObjectNode) batch.path("senders").path(i);
      senders.all().get(i).writePositions(row);
      SeenPerson.Ids ids = senders.all().get(i).ids();
      ArrayNode locks = row.putArray("locks");
      Stream.of(ids.userId(), ids.phone())
          .filter(id -> !id.isEmpty())
          .forEach(id -> locks.add(CustomersByPhone.lockKey(agent, id)));
    }
    addStatuses(batch.putArray("statuses"));
    ArrayNode consents = batch.putArray("consents");
    preferences.forEach(told -> add(consents.addObject(), told, senders));
    return Json.toJooq(batch);
  }

  /**
   * For store_messages.sql. Empty if it takes store_webhook(): for preferences, halves of files,
   * and ids that change.
   */
  Optional<JSONB> messagesJson() {
    if (!preferences.isEmpty()
        || messages.values().stream().anyMatch(message -> message.half().isPresent())) {
      return Optional.empty();
    }
    Senders senders = senders(false);
    return senders.hasChanges() ? Optional.empty() : Optional.of(Json.toJooq(content(senders)));
  }

  private Senders senders(boolean byMoment) {
    return new Senders(messages.values(), sightings, groups, byMoment);
  }

  private ObjectNode content(Senders senders) {
    ObjectNode batch = Json.object();
    ArrayNode people = batch.putArray("senders");
    for (SeenPerson person : senders.all()) {
      person.write(people.addObject().put("number", people.size()));
    }
    ArrayNode rows = batch.putArray("messages");
    messages.values().forEach(message -> add(rows.addObject(), message, senders));
    return batch;
  }

  private void addStatuses(ArrayNode rows) {
    statuses.forEach(status -> add(rows.addObject(), status));
    messages
        .values()
        .forEach(message -> message.pastState().ifPresent(s -> add(rows.addObject(), message, s)));
  }

  private static void add(ObjectNode row, Told told, Senders senders) {
    Preference preference = told.preference();
    row.put("sender", senders.numberOf(preference)).put("place", preference.place());
    row.put("category", preference.category()).put("value", preference.value());
    row.put("told_at", time(preference.at()));
    put(row, "phone", preference.person().phone());
    put(row, "user_id", preference.person().userId());
    put(row, "detail", Optional.of(preference.detail()).filter(detail -> !detail.isEmpty()));
    put(row, "phone_number_id", told.phoneNumberId());
  }

  private void add(ObjectNode row, InboundMessage message, Senders senders) {
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
    row.put("place", message.place());
    put(row, "phone_number_id", Optional.ofNullable(numbers.get(message.providerId())));
    put(row, "participant_phone", message.participant().flatMap(Sender::phone));
    put(row, "participant_user_id", message.participant().flatMap(Sender::userId));
    put(row, "participant_name", message.participant().flatMap(Sender::name));
    put(row, "new_text", message.newText());
    put(row, "emoji", message.emoji());
    put(row, "awaits", message.half().map(half -> half == Half.PLACE ? "content" : "thread"));
    SeenPerson.Ids ids = senders.idsOf(message);
    if (ids.userId().isEmpty()) {
      row.put("by_number", ids.key());
    } else if (!ids.isGroup()) {
      row.put("by_user_id", ids.userId());
    }
  }

  private void add(ObjectNode row, MessageStatus status) {
    row.put("provider_id", status.providerId());
    put(row, "phone_number_id", Optional.ofNullable(numbers.get(status.providerId())));
    row.put("state", status.state().name().toLowerCase(Locale.ROOT));
    row.put("at", time(status.timestamp()));
    row.putRawValue("errors", new RawValue(status.errors()));
    Optional<Pricing> pricing = status.pricing();
    pricing.flatMap(Pricing::billable).ifPresent(billable -> row.put("billable", billable));
    put(row, "pricing_model", pricing.flatMap(Pricing::model));
    put(row, "pricing_category", pricing.flatMap(Pricing::category));
    put(row, "pricing_type", pricing.flatMap(Pricing::type));
    Optional<PricedConversation> counted = status.conversation();
    put(row, "conversation_id", counted.flatMap(PricedConversation::id));
    put(row, "conversation_origin", counted.flatMap(PricedConversation::origin));
    put(
        row,
        "conversation_expires_at",
        counted.flatMap(PricedConversation::expiresAt).map(WebhookBatch::time));
    put(row, "callback_data", status.callbackData());
    if (status.groupId().isPresent()) {
      Optional<String> phone = status.recipient().flatMap(Sender::phone);
      Optional<String> userId = status.recipient().flatMap(Sender::userId);
      put(row, "participant", userId.or(() -> phone));
      put(row, "participant_phone", phone);
      put(row, "participant_user_id", userId);
    }
  }

  /** Of the past, WhatsApp doesn't tell when: not before the message itself. */
  private static void add(ObjectNode row, InboundMessage message, MessageStatus.State state) {
    row.put("provider_id", message.providerId());
    row.put("state", state.name().toLowerCase(Locale.ROOT));
    row.put("at", time(message.timestamp()));
    row.putArray("errors");
  }

  private static void put(ObjectNode row, String field, Optional<String> value) {
    value.ifPresent(text -> row.put(field, text));
  }

  private static String time(Instant time) {
    return Times.text(Times.require(time, "timestamp"));
  }
}
