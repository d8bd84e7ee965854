package dev.dovetable.core.webhooks;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.internal.payload.InboundMessage;
import dev.dovetable.core.internal.payload.PhoneKeys;
import dev.dovetable.core.internal.payload.Sender;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The senders of several messages: each with all phone numbers and user ids that these messages
 * show to be one person's, with the earliest time and name. Numbered from 1. Not thread-safe.
 */
final class SenderGroups {
  private final Map<Alias, Sighting> sightings = new LinkedHashMap<>();

  /** From a key to one of the same person; the key that stands for the person is missing here. */
  private final Map<Key, Key> parents = new HashMap<>();

  private final Map<Key, Integer> numbers = new HashMap<>();
  private final List<List<Sighting>> groups = new ArrayList<>();

  enum Kind {
    PHONE("phone"),
    USER_ID("user_id");

    private final String column;

    Kind(String column) {
      this.column = column;
    }

    String column() {
      return column;
    }
  }

  /** The same for all ways to write one phone number. */
  record Key(Kind kind, String text) {}

  /** By what a person is known. */
  record Alias(Kind kind, String value) {
    Key key() {
      return new Key(kind, kind == Kind.PHONE ? PhoneKeys.of(value) : value);
    }

    static List<Alias> of(Sender sender) {
      // A group goes by its id alone, which no number is like.
      return of(sender.phone().or(sender::groupId), sender.userId());
    }

    static List<Alias> of(Optional<String> phone, Optional<String> userId) {
      return Stream.concat(
              phone.map(value -> new Alias(Kind.PHONE, value)).stream(),
              userId.map(value -> new Alias(Kind.USER_ID, value)).stream())
          .toList();
    }
  }

  /** When an alias was seen first, and under which name first. */
  record Sighting(Alias alias, Instant seenAt, Optional<Named> named) {
    private Sighting earliest(Sighting other) {
      return new Sighting(
          alias,
          seenAt.isAfter(other.seenAt) ? other.seenAt : seenAt,
          Stream.of(named, other.named).flatMap(Optional::stream).min(Named.ORDER));
    }
  }

  record Named(Instant at, String name) {
    /** The database's own order of text, which is that of code points there. */
    private static final Comparator<Named> ORDER =
        Comparator.comparing(Named::at)
            .thenComparing(named -> named.name().codePoints().toArray(), Arrays::compare);
  }

  SenderGroups(List<InboundMessage> messages) {
    messages.forEach(this::add);
    sightings.values().forEach(this::number);
  }

  private void add(InboundMessage message) {
    Sender sender = message.sender();
    Optional<Named> named = sender.name().map(name -> new Named(message.timestamp(), name));
    List<Alias> present = Alias.of(sender);
    List<Alias> later =
        message
            .numberChange()
            .map(change -> Alias.of(change.newPhone(), change.newUserId()))
            .orElse(List.of());
    present.forEach(alias -> see(new Sighting(alias, message.timestamp(), named)));
    later.forEach(alias -> see(new Sighting(alias, message.timestamp(), Optional.empty())));
    Key first = present.get(0).key();
    Stream.concat(present.stream(), later.stream()).forEach(alias -> join(alias.key(), first));
  }

  private void see(Sighting sighting) {
    sightings.merge(sighting.alias(), sighting, Sighting::earliest);
  }

  private void join(Key one, Key other) {
    Key root = root(one);
    if (!root.equals(root(other))) {
      parents.put(root, root(other));
    }
  }

  private Key root(Key key) {
    Key root = key;
    for (Key parent = parents.get(root); parent != null; parent = parents.get(root)) {
      root = parent;
    }
    if (!root.equals(key)) {
      parents.put(key, root); // shortens the way for the next one
    }
    return root;
  }

  private void number(Sighting sighting) {
    int number =
        numbers.computeIfAbsent(
            root(sighting.alias().key()),
            root -> {
              groups.add(new ArrayList<>());
              return groups.size();
            });
    groups.get(number - 1).add(sighting);
  }

  List<List<Sighting>> all() {
    return groups;
  }

  /** The number of the sender of one of the messages. */
  int numberOf(InboundMessage message) {
    Key key = Alias.of(message.sender()).get(0).key();
    return requireNonNull(numbers.get(root(key)));
  }
}
