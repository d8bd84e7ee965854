package dev.dovetable.core.internal.payload;

import static dev.dovetable.core.internal.payload.JsonFields.id;
import static dev.dovetable.core.internal.payload.JsonFields.text;

import dev.dovetable.core.internal.json.JsonTrees;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads one change: what is listed in it, whatever the field is called, since messages come in
 * several. For one change and one thread.
 */
public final class ChangeReader {

  /** In what is none of these, something else is told. */
  private static final Set<String> OF_MESSAGES =
      Set.of("", "messages", "message_echoes", "smb_message_echoes", "user_preferences");

  private final JsonTrees trees;
  private final MessageReader messageReader;
  private final StatusReader statusReader;
  private final List<InboundMessage> messages = new ArrayList<>();
  private final List<MessageStatus> statuses = new ArrayList<>();
  private final Sightings sightings = new Sightings();
  private final List<GroupSubject> groups = new ArrayList<>();
  private final List<JsonNode> news = new ArrayList<>();
  private final List<Preference> preferences = new ArrayList<>();
  private boolean complete = true;
  private int place;

  /** The business's own number, by its key. */
  private Optional<String> own = Optional.empty();

  /**
   * A reader.
   *
   * @param place of the change's first piece in the body
   */
  ChangeReader(JsonTrees trees, MessageReader messageReader, StatusReader statusReader, int place) {
    this.trees = trees;
    this.messageReader = messageReader;
    this.statusReader = statusReader;
    this.place = place;
  }

  /** The place of the next piece. */
  int place() {
    return place;
  }

  /**
   * Reads a change.
   *
   * @param entryTime when the provider made the entry
   * @param raw what to keep of it
   */
  WebhookChange read(
      JsonNode original,
      Optional<String> businessAccountId,
      Optional<Instant> entryTime,
      String raw) {
    JsonNode change = Storable.json(original);
    complete = change == original;
    String field = text(change, "field").orElse("");
    JsonNode value = change.path("value");
    JsonNode metadata = value.path("metadata");
    Contacts contacts = new Contacts(value.path("contacts"));
    own = text(metadata, "display_phone_number").map(PhoneKeys::of);
    // Files of past messages come in the field history, without their thread.
    boolean ofPast = field.equals("history");
    add(
        value.path("messages"),
        message ->
            ofPast
                ? live(message, contacts).map(InboundMessage::pastFile)
                : live(message, contacts),
        messages);
    add(
        value.path("message_echoes"),
        message -> messageReader.echo(message, place, contacts),
        messages);
    add(value.path("statuses"), status -> status(status, contacts), statuses);
    readHistory(value.path("history"), contacts);
    add(
        value.path("user_preferences"),
        preference -> preference(preference, contacts),
        preferences);
    messages.forEach(sightings::add);
    statuses.forEach(sightings::add);
    preferences.forEach(told -> sightings.add(told.person(), told.at(), told.place()));
    readOthers(value, contacts, entryTime);
    readNews(field, value);
    boolean nothing =
        messages.isEmpty() && statuses.isEmpty() && news.isEmpty() && preferences.isEmpty();
    return new WebhookChange(
        phoneNumberId(value),
        businessAccountId,
        field,
        messages,
        statuses,
        sightings.inOrder(),
        groups,
        preferences,
        news.stream().map(piece -> new NewsPiece(entryTime, trees.write(piece))).toList(),
        complete && !nothing,
        raw);
  }

  /** What is no message names the business's number in other places. */
  private static Optional<String> phoneNumberId(JsonNode value) {
    return Stream.of("metadata", "recipient", "phone_number_settings")
        .flatMap(place -> id(value.path(place), "phone_number_id").stream())
        .findFirst();
  }

  private <T> void add(JsonNode elements, Function<JsonNode, Optional<T>> reader, List<T> target) {
    complete &= elements.isMissingNode() || elements.isArray();
    if (elements.isArray()) {
      for (JsonNode element : elements.values()) {
        int before = news.size();
        Optional<T> read = reader.apply(element);
        place++;
        complete &= read.isPresent() || news.size() > before;
        read.ifPresent(target::add);
      }
    }
  }

  /** Payments and calls have statuses, too, with a type of their own. */
  private Optional<MessageStatus> status(JsonNode status, Contacts contacts) {
    if (text(status, "type").map("message"::equals).orElse(true)) {
      return statusReader.read(status, place, contacts);
    }
    news.add(only("statuses", status));
    return Optional.empty();
  }

  /** What somebody does with a message besides answering. */
  private Optional<Void> userAction(JsonNode action) {
    news.add(only("user_actions", action));
    return Optional.empty();
  }

  private Optional<Preference> preference(JsonNode preference, Contacts contacts) {
    Optional<Sender> person =
        contacts.find(
            id(preference, "wa_id"), id(preference, "user_id"), id(preference, "parent_user_id"));
    Optional<Instant> at = JsonFields.time(preference, "timestamp");
    Optional<String> category = id(preference, "category");
    Optional<String> value = id(preference, "value");
    return person.isEmpty() || at.isEmpty() || category.isEmpty() || value.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Preference(
                person.get(),
                at.get(),
                place,
                category.get(),
                value.get(),
                text(preference, "detail").orElse("")));
  }

  private static ObjectNode only(String field, JsonNode element) {
    ObjectNode piece = JsonNodeFactory.instance.objectNode();
    piece.putArray(field).add(element);
    return piece;
  }

  /** What isn't about messages is news as a whole, else the problems that are no message's. */
  private void readNews(String field, JsonNode value) {
    boolean nothing = messages.isEmpty() && statuses.isEmpty();
    if (!OF_MESSAGES.contains(field) && nothing && complete && value.isObject()) {
      news.clear();
      news.add(value);
      return;
    }
    add(value.path("user_actions"), this::userAction, List.of());
    JsonNode errors = value.path("errors");
    if (errors.isArray() && !errors.isEmpty()) {
      ObjectNode piece = JsonNodeFactory.instance.objectNode();
      piece.set("errors", errors);
      news.add(piece);
    } else {
      complete &= errors.isMissingNode();
    }
  }

  /** The business is no customer of its own: what is from it is to somebody, or can't be placed. */
  private Optional<InboundMessage> live(JsonNode message, Contacts contacts) {
    return isOwn(message) && !contacts.name(id(message, "from"))
        ? messageReader.echo(message, place, contacts)
        : messageReader.inbound(message, place, contacts);
  }

  /** Chats from before the business joined, by customer. */
  private void readHistory(JsonNode history, Contacts contacts) {
    complete &= history.isMissingNode() || history.isArray();
    for (JsonNode chunk : history.values()) {
      JsonNode threads = chunk.path("threads");
      complete &= threads.isArray() || chunk.path("errors").isArray();
      for (JsonNode thread : threads.values()) {
        JsonNode context = thread.path("context");
        Contacts its = context.isObject() ? Contacts.of(context) : contacts;
        Optional<Sender> customer = customerOf(thread, its);
        add(
            thread.path("messages"),
            message -> past(message, customer.or(() -> customerOf(message, its)), its),
            messages);
      }
    }
  }

  private static Optional<Sender> customerOf(JsonNode thread, Contacts contacts) {
    Optional<String> address = id(thread, "id");
    return address
        .filter(Contacts::isGroupId)
        .map(Sender::group)
        .or(() -> contacts.find(address, Optional.empty(), Optional.empty()));
  }

  /** In a thread, what is from its customer came in, and everything else went out. */
  private Optional<InboundMessage> past(
      JsonNode message, Optional<Sender> customer, Contacts contacts) {
    if (customer.isEmpty()) {
      return live(message, contacts);
    }
    boolean isGroup = customer.get().groupId().isPresent();
    boolean isInbound =
        JsonFields.flag(message.path("history_context"), "from_me")
            .map(fromMe -> !fromMe)
            .orElseGet(() -> isGroup ? !isOwn(message) : isFrom(message, customer.get()));
    if (isInbound) {
      Optional<Sender> participant =
          isGroup ? MessageReader.from(message, contacts) : Optional.empty();
      return messageReader
          .read(message, place, customer, participant, false)
          .map(read -> read.past(Optional.empty()));
    }
    Optional<MessageStatus.State> state =
        text(message.path("history_context"), "status").flatMap(MessageStatus.State::ofPast);
    return messageReader
        .read(message, place, customer, Optional.empty(), true)
        .map(read -> read.past(state));
  }

  private boolean isOwn(JsonNode message) {
    return own.isPresent() && own.equals(id(message, "from").map(PhoneKeys::of));
  }

  private static boolean isFrom(JsonNode message, Sender customer) {
    Optional<String> from = id(message, "from");
    return from.isPresent()
            && (from.map(PhoneKeys::of).equals(customer.phone().map(PhoneKeys::of))
                || from.equals(customer.userId()))
        || customer.userId().isPresent() && customer.userId().equals(id(message, "from_user_id"));
  }

  /** What else tells of who somebody is, and what groups are called. */
  private void readOthers(JsonNode value, Contacts contacts, Optional<Instant> entryTime) {
    for (JsonNode entry : elements(value.path("state_sync"))) {
      sightings.addAddressBook(entry, entryTime, place++);
    }
    for (JsonNode group : elements(value.path("groups"))) {
      int its = place++;
      Optional<String> subject = text(group, "subject").or(() -> subjectSetting(group));
      JsonFields.time(group, "timestamp")
          .ifPresent(
              at ->
                  id(group, "group_id")
                      .flatMap(id -> subject.map(s -> new GroupSubject(id, s, at, its)))
                      .ifPresent(groups::add));
    }
    Optional<Instant> first = sightings.earliest().or(() -> entryTime);
    for (Sender contact : contacts.unused()) {
      int its = place++;
      first.ifPresent(at -> sightings.add(contact, at, its));
    }
  }

  private static Optional<String> subjectSetting(JsonNode group) {
    JsonNode subject = group.path("group_subject");
    boolean isSet = JsonFields.flag(subject, "update_successful").orElse(true);
    return isSet ? text(subject, "text") : Optional.empty();
  }

  private static Iterable<JsonNode> elements(JsonNode node) {
    return node.isArray() ? node.values() : List.of();
  }
}
