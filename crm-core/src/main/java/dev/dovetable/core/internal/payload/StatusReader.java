package dev.dovetable.core.internal.payload;

import static dev.dovetable.core.internal.payload.JsonFields.id;
import static dev.dovetable.core.internal.payload.JsonFields.text;

import dev.dovetable.core.internal.json.JsonTrees;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads single statuses. Empty is what can't be placed. */
public final class StatusReader {

  private final JsonTrees trees;

  StatusReader(JsonTrees trees) {
    this.trees = trees;
  }

  Optional<MessageStatus> read(JsonNode status, int place, Contacts contacts) {
    Optional<String> providerId = id(status, "id");
    Optional<MessageStatus.State> state = text(status, "status").flatMap(MessageStatus.State::of);
    Optional<Instant> timestamp = JsonFields.time(status, "timestamp");
    if (providerId.isEmpty() || state.isEmpty() || timestamp.isEmpty()) {
      return Optional.empty();
    }
    JsonNode errors = status.path("errors");
    return Optional.of(
        new MessageStatus(
            providerId.get(),
            place,
            state.get(),
            timestamp.get(),
            recipient(status, contacts),
            isToGroup(status) ? id(status, "recipient_id") : Optional.empty(),
            pricing(status.path("pricing")),
            conversation(status.path("conversation")),
            text(status, "biz_opaque_callback_data"),
            errors.isArray() ? trees.write(errors) : "[]",
            trees.write(status)));
  }

  /** In a group recipient_id is the group's. */
  private static Optional<Sender> recipient(JsonNode status, Contacts contacts) {
    String prefix = isToGroup(status) ? "recipient_participant_" : "recipient_";
    return contacts.find(
        id(status, prefix + "id"),
        id(status, prefix + "user_id"),
        id(status, prefix + "parent_user_id"));
  }

  private static boolean isToGroup(JsonNode status) {
    return text(status, "recipient_type").map("group"::equals).orElse(false);
  }

  private static Optional<Pricing> pricing(JsonNode pricing) {
    return pricing.isObject()
        ? Optional.of(
            new Pricing(
                JsonFields.flag(pricing, "billable"),
                id(pricing, "pricing_model"),
                id(pricing, "category"),
                id(pricing, "type")))
        : Optional.empty();
  }

  private static Optional<PricedConversation> conversation(JsonNode conversation) {
    return conversation.isObject()
        ? Optional.of(
            new PricedConversation(
                id(conversation, "id"),
                id(conversation.path("origin"), "type"),
                JsonFields.time(conversation, "expiration_timestamp")))
        : Optional.empty();
  }
}
