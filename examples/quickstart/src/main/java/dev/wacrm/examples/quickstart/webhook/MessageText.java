package dev.wacrm.examples.quickstart.webhook;

import static dev.wacrm.examples.quickstart.webhook.Json.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/** What a person reads of a message: the column for it holds text, whatever the kind. */
final class MessageText {

  private MessageText() {}

  /** Empty where the kind isn't known, or has nothing to read. */
  static Optional<String> of(String type, JsonNode message) {
    JsonNode content = message.path(type);
    return switch (type) {
      case "text" -> text(content, "body");
      case "image", "video", "sticker" -> media(type, text(content, "caption"));
      case "document" ->
          media(
              join(" ", Optional.of("document"), text(content, "filename")),
              text(content, "caption"));
      case "audio" ->
          media(
              content.path("voice").asBoolean(false) ? "voice message" : "audio", Optional.empty());
      case "button" -> text(content, "text").or(() -> text(content, "payload"));
      case "interactive" -> reply(content);
      case "location" -> Optional.of(location(content));
      case "contacts" -> Optional.of(contacts(content));
      case "reaction" ->
          Optional.of(
              text(content, "emoji").map(e -> "[reaction] " + e).orElse("[reaction withdrawn]"));
      case "order" -> Optional.of(order(content));
      case "system" -> text(content, "body").map(body -> "[system] " + body);
      default -> Optional.empty();
    };
  }

  private static Optional<String> media(String kind, Optional<String> caption) {
    return Optional.of(join(" ", Optional.of("[" + kind + "]"), caption));
  }

  private static Optional<String> reply(JsonNode content) {
    JsonNode reply = content.path(text(content, "type").orElse(""));
    return text(reply, "title")
        .map(title -> text(reply, "description").map(d -> title + " (" + d + ")").orElse(title))
        // A form that was filled in has a body, of little use, and its answers as JSON in a string.
        .or(() -> text(reply, "name").map(name -> "[form] " + name));
  }

  private static String location(JsonNode content) {
    Optional<String> position =
        text(content, "latitude")
            .flatMap(lat -> text(content, "longitude").map(lon -> "(" + lat + ", " + lon + ")"));
    String place = join(", ", text(content, "name"), text(content, "address"));
    return join(" ", Optional.of("[location]"), Optional.of(place), position);
  }

  private static String contacts(JsonNode content) {
    List<String> people = new ArrayList<>();
    for (JsonNode contact : content) {
      people.add(
          join(
              " ",
              text(contact.path("name"), "formatted_name"),
              text(contact.path("phones").path(0), "phone")));
    }
    return join(" ", Optional.of("[contact]"), Optional.of(String.join("; ", people)));
  }

  private static String order(JsonNode content) {
    List<String> lines = new ArrayList<>();
    for (JsonNode item : content.path("product_items")) {
      lines.add(
          item.path("quantity").asInt(1)
              + " × "
              + text(item, "product_retailer_id").orElse("unnamed product"));
    }
    String list = join(" ", Optional.of("[order]"), Optional.of(String.join(", ", lines)));
    return join(": ", Optional.of(list), text(content, "text"));
  }

  @SafeVarargs
  private static String join(String separator, Optional<String>... parts) {
    StringJoiner joined = new StringJoiner(separator);
    for (Optional<String> part : parts) {
      part.filter(text -> !text.isBlank()).ifPresent(joined::add);
    }
    return joined.toString();
  }
}
