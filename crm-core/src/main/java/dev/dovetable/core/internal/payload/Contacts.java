package dev.dovetable.core.internal.payload;

import static dev.dovetable.core.internal.payload.JsonFields.id;
import static dev.dovetable.core.internal.payload.JsonFields.text;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Who is meant: the ids of a message, and what the list of contacts beside it adds to them. */
public final class Contacts {

  /** A country, perhaps ENT for a parent's, and letters and digits. */
  private static final Pattern USER_ID = Pattern.compile("[A-Z]{2}\\.(ENT\\.)?[A-Za-z0-9]+");

  private final JsonNode contacts;

  /** Where the first contact with each user id is. */
  private final Map<String, Integer> byUserId = new HashMap<>();

  /** Where the first contact with each phone number is. */
  private final Map<String, Integer> byPhone = new HashMap<>();

  /** The same among those without a user id. */
  private final Map<String, Integer> byPhoneAlone = new HashMap<>();

  private final BitSet used = new BitSet();

  Contacts(JsonNode contacts) {
    this.contacts = contacts;
    for (int i = 0; i < contacts.size(); i++) {
      Integer position = i;
      JsonNode contact = contacts.path(i);
      Optional<String> userId = id(contact, "user_id");
      Optional<String> phone = id(contact, "wa_id").map(PhoneKeys::of);
      userId.ifPresent(id -> byUserId.putIfAbsent(id, position));
      phone.ifPresent(key -> byPhone.putIfAbsent(key, position));
      phone
          .filter(key -> userId.isEmpty())
          .ifPresent(key -> byPhoneAlone.putIfAbsent(key, position));
    }
  }

  static Contacts of(JsonNode contact) {
    return new Contacts(JsonNodeFactory.instance.arrayNode().add(contact));
  }

  /** Whether one of them has this number. */
  boolean name(Optional<String> phone) {
    return phone.map(PhoneKeys::of).map(byPhone::containsKey).orElse(false);
  }

  /** Empty if there is no id at all. */
  Optional<Sender> find(
      Optional<String> address, Optional<String> ownUserId, Optional<String> parentUserId) {
    Optional<String> phone = address.filter(a -> !isUserId(a));
    Optional<String> userId = ownUserId.or(() -> address.filter(Contacts::isUserId));
    OptionalInt same = positionOf(phone, userId);
    if (same.isPresent()) {
      used.set(same.getAsInt());
      return completed(phone, userId, parentUserId, contacts.path(same.getAsInt()));
    }
    if (contacts.size() != 1) {
      return sender(phone, userId, parentUserId, JsonNodeFactory.instance.missingNode());
    }
    // A single contact means that one; but ids that contradict are not joined.
    JsonNode only = contacts.path(0);
    boolean contradicts =
        phone.isPresent() && id(only, "wa_id").isPresent()
            || userId.isPresent() && id(only, "user_id").isPresent();
    if (!contradicts) {
      used.set(0);
    }
    return contradicts
        ? sender(phone, userId, parentUserId, only)
        : completed(phone, userId, parentUserId, only);
  }

  private static Optional<Sender> completed(
      Optional<String> phone,
      Optional<String> userId,
      Optional<String> parentUserId,
      JsonNode contact) {
    return sender(
        phone.or(() -> id(contact, "wa_id")),
        userId.or(() -> id(contact, "user_id")),
        parentUserId.or(() -> id(contact, "parent_user_id")),
        contact);
  }

  private static Optional<Sender> sender(
      Optional<String> phone,
      Optional<String> userId,
      Optional<String> parentUserId,
      JsonNode named) {
    return phone.isEmpty() && userId.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Sender(
                phone, userId, username(named), parentUserId, name(named), Optional.empty()));
  }

  /** Of the first contact that is the same; where both have a user id, that decides alone. */
  private OptionalInt positionOf(Optional<String> phone, Optional<String> userId) {
    Map<String, Integer> phones = userId.isPresent() ? byPhoneAlone : byPhone;
    return Stream.concat(
            userId.map(byUserId::get).stream(), phone.map(PhoneKeys::of).map(phones::get).stream())
        .mapToInt(Integer::intValue)
        .min();
  }

  private static Optional<String> name(JsonNode contact) {
    return text(contact.path("profile"), "name").or(() -> username(contact));
  }

  private static Optional<String> username(JsonNode contact) {
    return text(contact.path("profile"), "username").or(() -> text(contact, "username"));
  }

  /** Those whom nothing that was looked for is from or to. */
  List<Sender> unused() {
    return IntStream.range(0, contacts.size())
        .filter(i -> !used.get(i))
        .mapToObj(contacts::path)
        .flatMap(
            contact ->
                completed(Optional.empty(), Optional.empty(), Optional.empty(), contact).stream())
        .toList();
  }

  /**
   * As groups of the API are called, which is "capi_group:" in Base64, and as those of the app are.
   */
  static boolean isGroupId(String address) {
    return address.startsWith("Y2FwaV9ncm91cDo") || address.endsWith("@g.us");
  }

  private static boolean isUserId(String address) {
    return USER_ID.matcher(address).matches();
  }
}
