package dev.wacrm.examples.quickstart.webhook;

import static dev.wacrm.examples.quickstart.webhook.Json.text;
import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a webhook delivery of the Cloud API. Tolerant: the provider adds fields and kinds without
 * notice, and never sends a delivery again because its receiver couldn't read it, so whatever isn't
 * understood becomes a {@link Skipped} with its reason. Thread-safe.
 */
public final class WebhookReader {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Skipped NO_DELIVERY = new Skipped("no webhook delivery of the Cloud API");

  /**
   * Reads the body of a delivery, or of several, one after the other.
   *
   * @return what they tell, in their order; never empty
   * @throws JacksonException if it isn't JSON
   */
  public List<WebhookEvent> read(String body) {
    List<WebhookEvent> events = new ArrayList<>();
    try (MappingIterator<JsonNode> roots =
        JSON.readerFor(JsonNode.class).readValues(requireNonNull(body, "body"))) {
      while (roots.hasNextValue()) {
        readDelivery(roots.nextValue(), events);
      }
    }
    return events.isEmpty() ? List.of(NO_DELIVERY) : List.copyOf(events);
  }

  private static void readDelivery(JsonNode root, List<WebhookEvent> events) {
    int before = events.size();
    for (JsonNode entry : root.path("entry")) {
      for (JsonNode change : entry.path("changes")) {
        readChange(change, events);
      }
    }
    if (events.size() == before) {
      events.add(NO_DELIVERY);
    }
  }

  private static void readChange(JsonNode change, List<WebhookEvent> events) {
    String field = text(change, "field").orElse("unnamed");
    if (!field.equals("messages")) {
      events.add(new Skipped("a notice of the kind " + field));
      return;
    }
    JsonNode value = change.path("value");
    JsonNode metadata = value.path("metadata");
    Optional<String> numberId = text(metadata, "phone_number_id");
    if (numberId.isEmpty()) {
      events.add(new Skipped("messages without a phone_number_id"));
      return;
    }
    BusinessNumber number =
        new BusinessNumber(
            numberId.get(), text(metadata, "display_phone_number").orElse(numberId.get()));
    int before = events.size();
    for (JsonNode message : value.path("messages")) {
      events.add(readMessage(message, number, value.path("contacts")));
    }
    for (JsonNode status : value.path("statuses")) {
      events.add(readStatus(status, number, value.path("contacts")));
    }
    for (JsonNode error : value.path("errors")) {
      events.add(new Skipped("an error of the provider: " + describeError(error)));
    }
    if (events.size() == before) {
      events.add(new Skipped("messages without a message"));
    }
  }

  private static WebhookEvent readMessage(
      JsonNode message, BusinessNumber number, JsonNode contacts) {
    String type = text(message, "type").orElse("unnamed");
    Optional<String> readable = MessageText.of(type, message);
    if (readable.isEmpty()) {
      String error = text(message.path("errors").path(0), "title").map(t -> ": " + t).orElse("");
      return new Skipped("a message of the kind " + type + error);
    }
    Sender sender = sender(text(message, "from"), text(message, "from_user_id"), contacts);
    if (sender.identity().isEmpty()) {
      return new Skipped("a message of the kind " + type + " without a sender");
    }
    Optional<Instant> sentAt = time(message);
    if (sentAt.isEmpty()) {
      return new Skipped("a message of the kind " + type + " without a timestamp");
    }
    return new InboundMessage(
        number, sender, sentAt.get(), type, readable.get(), products(message.path("order")));
  }

  private static WebhookEvent readStatus(
      JsonNode status, BusinessNumber number, JsonNode contacts) {
    Optional<String> name = text(status, "status");
    Optional<Instant> at = time(status);
    if (name.isEmpty() || at.isEmpty()) {
      return new Skipped("a status without its name or timestamp");
    }
    Sender recipient =
        sender(text(status, "recipient_id"), text(status, "recipient_user_id"), contacts);
    JsonNode error = status.path("errors").path(0);
    return new StatusUpdate(
        number,
        recipient,
        name.get(),
        at.get(),
        error.isMissingNode() ? Optional.empty() : Optional.of(describeError(error)));
  }

  private static Sender sender(Optional<String> phone, Optional<String> userId, JsonNode contacts) {
    for (JsonNode contact : contacts) {
      Optional<String> contactPhone = text(contact, "wa_id");
      Optional<String> contactId = text(contact, "user_id");
      // A delivery with a single contact means that one, whatever ids it repeats.
      if (contacts.size() == 1 || same(phone, contactPhone) || same(userId, contactId)) {
        return new Sender(
            phone.or(() -> contactPhone),
            userId.or(() -> contactId),
            text(contact.path("profile"), "name")
                .or(() -> text(contact.path("profile"), "username")));
      }
    }
    return new Sender(phone, userId, Optional.empty());
  }

  private static boolean same(Optional<String> one, Optional<String> other) {
    return one.isPresent() && one.equals(other);
  }

  private static List<Product> products(JsonNode order) {
    List<Product> products = new ArrayList<>();
    for (JsonNode item : order.path("product_items")) {
      Optional<String> id = text(item, "product_retailer_id");
      if (id.isPresent()) {
        products.add(
            new Product(
                id.get(),
                item.path("quantity").asInt(1),
                item.path("item_price").asDecimal(BigDecimal.ZERO)));
      }
    }
    return List.copyOf(products);
  }

  private static Optional<Instant> time(JsonNode event) {
    try {
      return text(event, "timestamp").map(Long::valueOf).map(Instant::ofEpochSecond);
    } catch (NumberFormatException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static String describeError(JsonNode error) {
    return text(error.path("error_data"), "details")
        .or(() -> text(error, "title"))
        .or(() -> text(error, "code"))
        .orElse("without an explanation");
  }
}
