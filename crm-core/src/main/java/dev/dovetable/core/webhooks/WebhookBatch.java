package dev.dovetable.core.webhooks;

import dev.dovetable.core.customers.CustomersByPhone;
import dev.dovetable.core.internal.payload.GroupSubject;
import dev.dovetable.core.internal.payload.InboundMessage;
import dev.dovetable.core.internal.payload.Media;
import dev.dovetable.core.internal.payload.MessageStatus;
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
  private static final int PORTION = 250;

  private final AgentIdentity agent;
  private final Map<String, InboundMessage> messages = new LinkedHashMap<>();
  private final List<MessageStatus> statuses;
  private final List<Sighting> sightings;
  private final List<GroupSubject> groups;

  /** Of several messages with one id, the first is taken. */
  WebhookBatch(AgentIdentity agent, List<WebhookChange> changes) {
    this(
        agent,
        all(changes, WebhookChange::messages),
        all(changes, WebhookChange::statuses),
        all(changes, WebhookChange::sightings),
        all(changes, WebhookChange::groups));
  }

  private WebhookBatch(
      AgentIdentity agent,
      List<InboundMessage> messages,
      List<MessageStatus> statuses,
      List<Sighting> sightings,
      List<GroupSubject> groups) {
    this.agent = agent;
    messages.forEach(message -> this.messages.putIfAbsent(message.providerId(), message));
    this.statuses = statuses;
    this.sightings = sightings;
    this.groups = groups;
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
      portions.add(new WebhookBatch(agent, some, List.of(), its, List.of()));
    }
    if (!statuses.isEmpty() || !others.isEmpty() || !groups.isEmpty()) {
      portions.add(new WebhookBatch(agent, List.of(), statuses, others, groups));
    }
    return portions;
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
    Senders senders = senders(true);
    ObjectNode batch = content(senders);
    for (int i = 0; i < senders.all().size(); i++) {
      SeenIds ids = senders.all().get(i).ids();
      ArrayNode locks = ((ObjectNode) batch.path("senders").path(i)).putArray("locks");
      Stream.of(ids.userId(), ids.phone())
          .filter(id -> !id.isEmpty())
          .forEach(id -> locks.add(CustomersByPhone.lockKey(agent, id)));
    }
    addStatuses(batch.putArray("statuses"));
    return Json.toJooq(batch);
  }

  /** For store_messages.sql. */
  JSONB messagesJson() {
    return Json.toJooq(content(senders(false)));
  }

  /** Whether somebody goes by other ids from then on, which takes store_webhook(). */
  boolean hasChangesOfIds() {
    return senders(false).hasChanges();
  }

  private Senders senders(boolean byMoment) {
    return new Senders(messages.values(), sightings, groups, byMoment);
  }

  private ObjectNode content(Senders senders) {
    ObjectNode batch = Json.object();
    ArrayNode people = batch.putArray("senders");
    for (SeenPerson person : senders.all()) {
      add(people.addObject().put("number", people.size()), person);
    }
    ArrayNode rows = batch.putArray("messages");
    messages.values().forEach(message -> add(rows.addObject(), message, senders));
    return batch;
  }

  private void addStatuses(ArrayNode rows) {
    statuses.forEach(status -> add(rows.addObject(), status));
  }

  private static void add(ObjectNode row, SeenPerson person) {
    SeenIds ids = person.ids();
    row.put("user_id", ids.userId()).put("phone", ids.phone()).put("match_key", ids.key());
    row.put("kind", ids.isGroup() ? "group" : "person");
    row.put("first_seen", person.first().text()).put("last_seen", person.last().text());
    person.name().ifPresent(n -> row.put("name", n.name()).put("named", n.at().text()));
    person
        .username()
        .ifPresent(n -> row.put("username", n.name()).put("username_seen", n.at().text()));
    put(row, "parent_user_id", person.parentUserId());
    row.put("source", person.source());
    if (person.isTold()) {
      row.put("is_told", true);
    }
    if (!person.changes().isEmpty()) {
      ArrayNode changes = row.putArray("changes");
      person.changes().forEach(change -> add(changes.addObject(), change));
    }
  }

  private static void add(ObjectNode row, SeenChange change) {
    SeenIds after = change.idsAfter();
    row.put("source", change.source()).put("seen", change.at().text());
    row.put("user_id", change.before().userId()).put("phone", change.before().phone());
    row.put("match_key", change.before().key());
    row.put("new_user_id", change.newUserId()).put("new_phone", change.newPhone());
    row.put("new_match_key", change.newPhone().isEmpty() ? "" : after.key());
  }

  private static void add(ObjectNode row, InboundMessage message, Senders senders) {
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
    SeenIds ids = senders.idsOf(message);
    if (ids.userId().isEmpty()) {
      row.put("by_number", ids.key());
    } else if (!ids.isGroup()) {
      row.put("by_user_id", ids.userId());
    }
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
