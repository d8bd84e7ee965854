package dev.dovetable.core.internal.payload;

import static dev.dovetable.core.internal.payload.JsonFields.id;
import static dev.dovetable.core.internal.payload.JsonFields.text;

import dev.dovetable.core.internal.json.JsonTrees;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Reads single messages. Empty is what can't be placed: without an id, a time or a customer. */
public final class MessageReader {

  private static final int MAX_KIND_LENGTH = 64;
  private static final Set<String> WITH_FILE =
      Set.of("image", "video", "audio", "voice", "document", "sticker");

  private final JsonTrees trees;
  private final MessageText texts;

  MessageReader(JsonTrees trees) {
    this.trees = trees;
    this.texts = new MessageText(trees);
  }

  /** A message from a customer, or from the member of a group. */
  Optional<InboundMessage> inbound(JsonNode message, int place, Contacts contacts) {
    Optional<Sender> sender = from(message, contacts);
    Optional<Sender> group = id(message, "group_id").map(Sender::group);
    return group.isPresent()
        ? read(message, place, group, sender, false)
        : read(message, place, sender, Optional.empty(), false);
  }

  /** A message that the business wrote on its phone. */
  Optional<InboundMessage> echo(JsonNode message, int place, Contacts contacts) {
    return read(message, place, to(message, contacts), Optional.empty(), true);
  }

  static Optional<Sender> from(JsonNode message, Contacts contacts) {
    // A new user id may be in from_user_id already, next to the one the customer is known by.
    Optional<String> previous = id(message.path("system"), "previous_user_id");
    Optional<String> parent =
        previous.isPresent() ? Optional.empty() : id(message, "from_parent_user_id");
    return contacts.find(
        id(message, "from"), previous.or(() -> id(message, "from_user_id")), parent);
  }

  /** Whom the business wrote to: somebody or a group. */
  static Optional<Sender> to(JsonNode message, Contacts contacts) {
    Optional<String> address = id(message, "to");
    boolean isToGroup =
        text(message, "recipient_type").map("group"::equals).orElse(false)
            || address.map(Contacts::isGroupId).orElse(false);
    return id(message, "group_id")
        .or(() -> address.filter(id -> isToGroup))
        .map(Sender::group)
        .or(
            () ->
                contacts.find(
                    address, id(message, "to_user_id"), id(message, "to_parent_user_id")));
  }

  Optional<InboundMessage> read(
      JsonNode message,
      int place,
      Optional<Sender> customer,
      Optional<Sender> participant,
      boolean echo) {
    Optional<String> providerId = id(message, "id");
    Optional<Instant> timestamp = JsonFields.time(message, "timestamp");
    if (providerId.isEmpty() || timestamp.isEmpty() || customer.isEmpty()) {
      return Optional.empty();
    }
    String type =
        text(message, "type").filter(name -> name.length() <= MAX_KIND_LENGTH).orElse("unknown");
    JsonNode content = message.path(type);
    return Optional.of(
        new InboundMessage(
            providerId.get(),
            place,
            customer.get(),
            participant,
            timestamp.get(),
            kind(type, content),
            texts.of(type, message),
            type.equals("edit") ? media(content.path("message")) : media(message),
            id(message.path("context"), "id"),
            id(content, type.equals("reaction") ? "message_id" : "original_message_id"),
            type.equals("location") ? coordinates(content) : Optional.empty(),
            trees.write(message),
            type.equals("system") ? numberChange(message, content) : Optional.empty(),
            echo,
            Optional.empty(),
            type.equals("contacts") && !echo ? sharedPhone(message, content) : Optional.empty(),
            type.equals("edit") ? texts.afterEdit(content) : Optional.empty(),
            type.equals("reaction") ? text(content, "emoji") : Optional.empty(),
            Optional.empty()));
  }

  /** Of all other contacts that are sent, nobody knows whose they are. */
  private static Optional<String> sharedPhone(JsonNode message, JsonNode contacts) {
    JsonNode card = contacts.path(0);
    boolean isRequested =
        Stream.of(text(message, "origin"), text(card, "origin"))
            .flatMap(Optional::stream)
            .anyMatch("contact_request"::equals);
    JsonNode phone = card.path("phones").path(0);
    return isRequested && contacts.size() == 1
        ? id(phone, "wa_id").or(() -> id(phone, "phone"))
        : Optional.empty();
  }

  private static String kind(String type, JsonNode content) {
    if (type.equals("audio") && content.path("voice").asBoolean(false)) {
      return "voice";
    }
    return type.equals("interactive")
        ? text(content, "type")
            .filter(reply -> reply.endsWith("_reply") && reply.length() <= MAX_KIND_LENGTH)
            .orElse(type)
        : type;
  }

  private static Optional<Media> media(JsonNode message) {
    Optional<String> type = text(message, "type").filter(WITH_FILE::contains);
    return type.map(message::path)
        .filter(JsonNode::isObject)
        .map(
            file ->
                new Media(
                    id(file, "id"),
                    text(file, "mime_type"),
                    text(file, "caption"),
                    text(file, "filename"),
                    text(file, "sha256")));
  }

  private static Optional<Coordinates> coordinates(JsonNode location) {
    return JsonFields.degrees(location, "latitude", 90)
        .flatMap(
            latitude ->
                JsonFields.degrees(location, "longitude", 180)
                    .map(longitude -> new Coordinates(latitude, longitude)));
  }

  /** The phone's new id was called new_wa_id until version 12 of the API. */
  private static Optional<NumberChange> numberChange(JsonNode message, JsonNode system) {
    String type = text(system, "type").orElse("");
    if (!type.endsWith("_changed_number") && !type.equals("user_changed_user_id")) {
      return Optional.empty();
    }
    Optional<String> phone = id(system, "wa_id").or(() -> id(system, "new_wa_id"));
    Optional<String> userId =
        id(system, "user_id")
            .or(() -> id(system, "previous_user_id").flatMap(old -> id(message, "from_user_id")));
    return phone.isEmpty() && userId.isEmpty()
        ? Optional.empty()
        : Optional.of(new NumberChange(phone, userId));
  }
}
