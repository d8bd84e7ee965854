package dev.dovetable.core.internal.payload;

import static dev.dovetable.core.internal.payload.JsonFields.text;

import dev.dovetable.core.internal.json.JsonTrees;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/** What a person reads of a message: the column for it holds text, whatever the kind. */
public final class MessageText {

  private static final List<String> USUAL_FIELDS =
      List.of("body", "text", "caption", "title", "name", "description");

  private final StructuredText structured;

  MessageText(JsonTrees trees) {
    this.structured = new StructuredText(trees);
  }

  /**
   * Never blank.
   *
   * @param type the name of the field that holds the content
   */
  String of(String type, JsonNode message) {
    Optional<String> readable = content(type, message.path(type), message);
    String text = readable.orElseGet(() -> label(type, problem(message)));
    return Storable.text(text);
  }

  private Optional<String> content(String type, JsonNode content, JsonNode message) {
    return switch (type) {
      case "text" -> text(content, "body");
      case "image", "video", "sticker" -> Optional.of(label(type, caption(content, message)));
      case "document" ->
          Optional.of(label(named("document", content, "filename"), caption(content, message)));
      case "voice" -> Optional.of(label("voice message", caption(content, message)));
      case "audio" ->
          Optional.of(
              label(
                  content.path("voice").asBoolean(false) ? "voice message" : "audio",
                  caption(content, message)));
      case "button" -> text(content, "text").or(() -> text(content, "payload"));
      case "interactive" -> interactive(content);
      case "location" -> Optional.of(location(content));
      case "contacts" -> Optional.of(label("contact", people(content)));
      case "reaction" ->
          Optional.of(
              text(content, "emoji")
                  .map(emoji -> "[reaction] " + emoji)
                  .orElse("[reaction withdrawn]"));
      case "order" -> Optional.of(StructuredText.order(content));
      case "payment" -> Optional.of(StructuredText.payment(content));
      case "poll", "poll_creation", "poll_update", "poll_vote" ->
          Optional.of(StructuredText.poll(content));
      case "address" -> Optional.of(StructuredText.address(content));
      case "system" ->
          Optional.of(label("system", text(content, "body").or(() -> text(content, "type"))));
      case "edit" -> Optional.of(label("edited", edited(content.path("message"))));
      case "revoke" -> Optional.of("[message deleted]");
      case "request_welcome" -> Optional.of("[chat opened]");
      case "media_placeholder" -> Optional.of("[media not available]");
      case "template" -> Optional.of(label("template", text(content, "name")));
      case "unsupported" -> Optional.of(label(named(type, content, "type"), problem(message)));
      default -> Optional.of(label(type, usual(content).or(() -> problem(message))));
    };
  }

  private static Optional<String> caption(JsonNode content, JsonNode message) {
    return text(content, "caption").or(() -> problem(message));
  }

  /** What the provider says where it can't hand something out. */
  private static Optional<String> problem(JsonNode message) {
    JsonNode error = message.path("errors").path(0);
    return text(error.path("error_data"), "details")
        .or(() -> text(error, "message"))
        .or(() -> text(error, "title"));
  }

  private Optional<String> interactive(JsonNode content) {
    String type = text(content, "type").orElse("");
    JsonNode reply = content.path(type);
    return switch (type) {
      case "button_reply", "list_reply" ->
          text(reply, "title")
              .map(
                  title ->
                      join(
                          " ",
                          Optional.of(title),
                          text(reply, "description").map(d -> "(" + d + ")")))
              .or(() -> text(reply, "id"));
      case "nfm_reply" -> Optional.of(structured.form(reply));
      case "order_details", "order_status" ->
          Optional.of(StructuredText.bill(content.path("action").path("parameters"), content));
      case "call_permission_reply" ->
          Optional.of(label("call permission", text(reply, "response")));
      default ->
          usual(reply)
              .or(() -> usual(content.path("body")))
              .map(body -> label("interactive", Optional.of(body)));
    };
  }

  private static String location(JsonNode content) {
    Optional<String> position =
        text(content, "latitude")
            .flatMap(lat -> text(content, "longitude").map(lon -> "(" + lat + ", " + lon + ")"));
    String place = join(", ", text(content, "name"), text(content, "address"));
    return join(" ", Optional.of("[location]"), Optional.of(place), position);
  }

  private static Optional<String> people(JsonNode contacts) {
    List<String> people = new ArrayList<>();
    for (JsonNode contact : contacts.values()) {
      String person =
          join(
              " ",
              text(contact.path("name"), "formatted_name"),
              text(contact.path("phones").path(0), "phone"));
      if (!person.isEmpty()) {
        people.add(person);
      }
    }
    return Optional.of(String.join("; ", people));
  }

  /** How an edited message reads from then on. */
  Optional<String> afterEdit(JsonNode edit) {
    return edited(edit.path("message")).map(Storable::text);
  }

  /** An edited message holds the whole new message. */
  private Optional<String> edited(JsonNode message) {
    return text(message, "type")
        .filter(type -> !type.equals("edit"))
        .flatMap(type -> content(type, message.path(type), message));
  }

  static Optional<String> usual(JsonNode content) {
    return USUAL_FIELDS.stream()
        .map(field -> text(content, field))
        .flatMap(Optional::stream)
        .findFirst()
        .or(() -> JsonFields.scalar(content).filter(text -> !text.isBlank()));
  }

  private static String named(String kind, JsonNode content, String field) {
    return join(" ", Optional.of(kind), text(content, field));
  }

  static String label(String kind, Optional<String> text) {
    return join(" ", Optional.of("[" + kind + "]"), text);
  }

  @SafeVarargs
  static String join(String separator, Optional<String>... parts) {
    StringJoiner joined = new StringJoiner(separator);
    for (Optional<String> part : parts) {
      part.filter(text -> !text.isBlank()).ifPresent(joined::add);
    }
    return joined.toString();
  }
}
