package dev.dovetable.core.internal.payload;

import static dev.dovetable.core.internal.payload.JsonFields.id;
import static dev.dovetable.core.internal.payload.JsonFields.text;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What one change tells of who goes by which ids. Not thread-safe. */
final class Sightings {

  private final List<Sighting> all = new ArrayList<>();

  List<Sighting> inOrder() {
    return all.stream().sorted(Comparator.comparing(Sighting::place)).toList();
  }

  Optional<Instant> earliest() {
    return all.stream().map(Sighting::at).min(Comparator.naturalOrder());
  }

  void add(InboundMessage message) {
    message
        .participant()
        .or(() -> Optional.of(message.sender()).filter(sender -> sender.groupId().isEmpty()))
        .ifPresent(
            person -> {
              add(
                  Sighting.of(
                      person,
                      message.timestamp(),
                      message.place(),
                      message.numberChange(),
                      message.providerId()));
              message.sharedPhone().ifPresent(phone -> addShared(person, phone, message));
            });
  }

  /** Of one who was asked for the own number. */
  private void addShared(Sender person, String phone, InboundMessage message) {
    add(
        new Sighting(
            message.timestamp(),
            message.place(),
            Optional.of(phone),
            person.userId(),
            person.username(),
            person.parentUserId(),
            person.name(),
            Optional.empty(),
            message.providerId(),
            ""));
  }

  void add(MessageStatus status) {
    status
        .recipient()
        .map(person -> of(person, status.timestamp(), status.place()))
        .ifPresent(sighting -> add(sighting.ofStatus(status.providerId())));
  }

  void add(Sender person, Instant at, int place) {
    add(of(person, at, place));
  }

  private static Sighting of(Sender person, Instant at, int place) {
    return Sighting.of(person, at, place, Optional.empty(), "");
  }

  /** Of one whom the business has in the address book of its app; a removal tells nothing. */
  void addAddressBook(JsonNode entry, Optional<Instant> entryTime, int place) {
    JsonNode contact = entry.path("contact");
    Optional<String> phone = id(contact, "phone_number");
    Optional<String> userId = id(contact, "user_id");
    Optional<Instant> at = JsonFields.time(entry.path("metadata"), "timestamp").or(() -> entryTime);
    boolean isThere = text(entry, "action").map(action -> !action.equals("remove")).orElse(true);
    if (isThere && at.isPresent() && (phone.isPresent() || userId.isPresent())) {
      add(
          new Sighting(
              at.get(),
              place,
              phone,
              userId,
              text(contact, "username"),
              id(contact, "parent_user_id"),
              text(contact, "full_name").or(() -> text(contact, "first_name")),
              Optional.empty(),
              "",
              ""));
    }
  }

  private void add(Sighting sighting) {
    all.add(sighting);
  }
}
