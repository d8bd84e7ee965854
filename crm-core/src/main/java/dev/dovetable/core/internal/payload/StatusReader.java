package dev.dovetable.core.internal.payload;

import static dev.dovetable.core.internal.payload.JsonFields.id;
import static dev.dovetable.core.internal.payload.JsonFields.text;

import dev.dovetable.core.internal.json.JsonTrees;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads single statuses. Empty is what can't be placed, and what isn't about a message. */
public final class StatusReader {

  private final JsonTrees trees;

  StatusReader(JsonTrees trees) {
    this.trees = trees;
  }

  Optional<MessageStatus> read(JsonNode status, Contacts contacts) {
    // Payments and calls have statuses, too, with a type of their own.
    boolean ofMessage = text(status, "type").map("message"::equals).orElse(true);
    Optional<String> providerId = id(status, "id");
    Optional<MessageStatus.State> state = text(status, "status").flatMap(MessageStatus.State::of);
    Optional<Instant> timestamp = JsonFields.time(status, "timestamp");
    if (!ofMessage || providerId.isEmpty() || state.isEmpty() || timestamp.isEmpty()) {
      return Optional.empty();
    }
    Optional<Sender> recipient = recipient(status, contacts);
    JsonNode errors = status.path("errors");
    return Optional.of(
        new MessageStatus(
            providerId.get(),
            state.get(),
            timestamp.get(),
            recipient.flatMap(Sender::phone),
            recipient.flatMap(Sender::userId),
            errors.isArray() ? trees.write(errors) : "[]",
            trees.write(status)));
  }

  /** In a group recipient_id is the group's. */
  private static Optional<Sender> recipient(JsonNode status, Contacts contacts) {
    boolean inGroup = text(status, "recipient_type").map("group"::equals).orElse(false);
    return inGroup
        ? contacts.find(
            id(status, "recipient_participant_id"), id(status, "recipient_participant_user_id"))
        : contacts.find(id(status, "recipient_id"), id(status, "recipient_user_id"));
  }
}
