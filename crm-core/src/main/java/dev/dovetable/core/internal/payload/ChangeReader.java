package dev.dovetable.core.internal.payload;

import static dev.dovetable.core.internal.payload.JsonFields.id;
import static dev.dovetable.core.internal.payload.JsonFields.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * Reads one change: what is listed in it, whatever the field is called, since messages come in
 * several. For one change and one thread.
 */
public final class ChangeReader {

  private final MessageReader messageReader;
  private final StatusReader statusReader;
  private final List<InboundMessage> messages = new ArrayList<>();
  private final List<MessageStatus> statuses = new ArrayList<>();
  private boolean complete = true;

  ChangeReader(MessageReader messageReader, StatusReader statusReader) {
    this.messageReader = messageReader;
    this.statusReader = statusReader;
  }

  /**
   * Reads a change.
   *
   * @param raw what to keep of it
   */
  WebhookChange read(JsonNode original, Optional<String> businessAccountId, String raw) {
    JsonNode change = Storable.json(original);
    complete = change == original;
    String field = text(change, "field").orElse("");
    JsonNode value = change.path("value");
    JsonNode metadata = value.path("metadata");
    Contacts contacts = new Contacts(value.path("contacts"));
    Optional<String> businessPhone = text(metadata, "display_phone_number");
    if (field.equals("history")) {
      // Files of past messages come later, without their thread.
      JsonNode thread = value.path("thread");
      add(value.path("messages"), m -> past(m, thread, businessPhone, contacts), messages);
    } else {
      add(value.path("messages"), m -> messageReader.inbound(m, contacts), messages);
    }
    add(value.path("message_echoes"), m -> messageReader.echo(m, contacts), messages);
    add(value.path("statuses"), status -> statusReader.read(status, contacts), statuses);
    readHistory(value.path("history"), businessPhone, contacts);
    boolean nothing = messages.isEmpty() && statuses.isEmpty();
    return new WebhookChange(
        id(metadata, "phone_number_id"),
        businessAccountId,
        field,
        messages,
        statuses,
        complete && !nothing && value.path("errors").isMissingNode(),
        raw);
  }

  private <T> void add(JsonNode elements, Function<JsonNode, Optional<T>> reader, List<T> target) {
    complete &= elements.isMissingNode() || elements.isArray();
    if (elements.isArray()) {
      for (JsonNode element : elements.values()) {
        Optional<T> read = reader.apply(element);
        complete &= read.isPresent();
        read.ifPresent(target::add);
      }
    }
  }

  /** Chats from before the business joined, by customer. */
  private void readHistory(JsonNode history, Optional<String> businessPhone, Contacts contacts) {
    complete &= history.isMissingNode() || history.isArray();
    for (JsonNode chunk : history.values()) {
      JsonNode threads = chunk.path("threads");
      complete &= threads.isArray();
      for (JsonNode thread : threads.values()) {
        JsonNode customer = thread.path("context");
        Contacts one = customer.isObject() ? Contacts.of(customer) : contacts;
        add(thread.path("messages"), m -> past(m, thread, businessPhone, one), messages);
      }
    }
  }

  /** Who wrote is told by the number alone. */
  private Optional<InboundMessage> past(
      JsonNode message, JsonNode thread, Optional<String> businessPhone, Contacts contacts) {
    boolean echo =
        message.has("to")
            || businessPhone.isPresent()
                && businessPhone.map(PhoneKeys::of).equals(id(message, "from").map(PhoneKeys::of));
    if (!echo) {
      return messageReader.inbound(message, contacts);
    }
    Optional<String> customer = id(message, "to").or(() -> id(thread, "id"));
    return messageReader.read(message, contacts.find(customer, id(message, "to_user_id")), true);
  }
}
