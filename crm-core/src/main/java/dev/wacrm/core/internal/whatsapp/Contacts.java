package dev.wacrm.core.internal.whatsapp;

import static dev.wacrm.core.internal.whatsapp.JsonFields.id;
import static dev.wacrm.core.internal.whatsapp.JsonFields.text;

import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Who is meant: the ids of a message, and what the delivery's list of contacts adds to them. */
final class Contacts {

  /** A country, perhaps ENT for a parent's, and letters and digits. */
  private static final Pattern USER_ID = Pattern.compile("[A-Z]{2}\\.(ENT\\.)?[A-Za-z0-9]+");

  private final JsonNode contacts;

  Contacts(JsonNode contacts) {
    this.contacts = contacts;
  }

  static Contacts of(JsonNode contact) {
    return new Contacts(JsonNodeFactory.instance.arrayNode().add(contact));
  }

  /** Empty if there is no id at all. */
  Optional<Sender> find(Optional<String> address, Optional<String> ownUserId) {
    Optional<String> phone = address.filter(a -> !isUserId(a));
    Optional<String> userId = ownUserId.or(() -> address.filter(Contacts::isUserId));
    for (JsonNode contact : contacts.values()) {
      if (isSame(contact, phone, userId)) {
        return completed(phone, userId, contact);
      }
    }
    if (contacts.size() != 1) {
      return sender(phone, userId, Optional.empty());
    }
    // A delivery with a single contact means that one; but ids that contradict are not joined.
    JsonNode only = contacts.path(0);
    boolean contradicts =
        phone.isPresent() && id(only, "wa_id").isPresent()
            || userId.isPresent() && id(only, "user_id").isPresent();
    return contradicts ? sender(phone, userId, name(only)) : completed(phone, userId, only);
  }

  private static Optional<Sender> completed(
      Optional<String> phone, Optional<String> userId, JsonNode contact) {
    return sender(
        phone.or(() -> id(contact, "wa_id")),
        userId.or(() -> id(contact, "user_id")),
        name(contact));
  }

  private static Optional<Sender> sender(
      Optional<String> phone, Optional<String> userId, Optional<String> name) {
    return phone.isEmpty() && userId.isEmpty()
        ? Optional.empty()
        : Optional.of(new Sender(phone, userId, name));
  }

  private static boolean isSame(JsonNode contact, Optional<String> phone, Optional<String> userId) {
    Optional<String> contactUserId = id(contact, "user_id");
    if (userId.isPresent() && contactUserId.isPresent()) {
      return userId.equals(contactUserId);
    }
    return phone.isPresent()
        && phone.map(PhoneKeys::of).equals(id(contact, "wa_id").map(PhoneKeys::of));
  }

  private static Optional<String> name(JsonNode contact) {
    JsonNode profile = contact.path("profile");
    return text(profile, "name")
        .or(() -> text(profile, "username"))
        .or(() -> text(contact, "username"));
  }

  private static boolean isUserId(String address) {
    return USER_ID.matcher(address).matches();
  }
}
