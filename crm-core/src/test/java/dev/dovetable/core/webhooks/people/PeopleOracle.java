package dev.dovetable.core.webhooks.people;

import dev.dovetable.core.internal.payload.PhoneKeys;
import dev.dovetable.core.webhooks.WebhookBodies.InGroup;
import dev.dovetable.core.webhooks.WebhookBodies.Item;
import dev.dovetable.core.webhooks.WebhookBodies.NewNumber;
import dev.dovetable.core.webhooks.WebhookBodies.NewUserId;
import dev.dovetable.core.webhooks.WebhookBodies.OwnNumber;
import dev.dovetable.core.webhooks.WebhookBodies.PastFile;
import dev.dovetable.core.webhooks.WebhookBodies.PastPlace;
import dev.dovetable.core.webhooks.WebhookBodies.StatusFor;
import dev.dovetable.core.webhooks.WebhookBodies.Text;
import dev.dovetable.core.webhooks.WebhookBodies.Wish;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whose messages and wishes are whose, when all is known: one event after the other in the order of
 * the provider's time and the messages' ids. Written after the rules, and not after the SQL.
 */
final class PeopleOracle {
  /** What people are one with: the last in a chain of these is the person. */
  private final Map<String, String> sameAs = new HashMap<>();

  /** Who has a number by now. */
  private final Map<String, String> holders = new HashMap<>();

  private final Map<String, String> people = new TreeMap<>();
  private final List<Event> events = new ArrayList<>();

  /** In which order things of one position count. */
  private enum Kind {
    ALONE,
    CLAIM
  }

  /**
   * That somebody was seen with a number.
   *
   * @param userId empty if by the number alone
   * @param isWritten whether the person wrote a message so; what else is told of a pair counts when
   *     it is the first or the last of it
   * @param name of what is the person's, empty if nothing is
   */
  private record Event(
      int at, String source, Kind kind, String userId, String phone, boolean isWritten, String name)
      implements Comparable<Event> {
    private static final Comparator<Event> ORDER =
        Comparator.comparing(Event::at)
            .thenComparing(Event::source)
            .thenComparing(Event::kind)
            .thenComparing(Event::userId);

    @Override
    public int compareTo(Event other) {
      return ORDER.compare(this, other);
    }

    List<String> pair() {
      return List.of(userId, phone);
    }
  }

  /** Sets of ids of messages, and of categories of wishes: of each person, and of each group. */
  static Set<Set<String>> partition(List<Item> items) {
    PeopleOracle oracle = new PeopleOracle();
    Map<String, Item> changes = new HashMap<>();
    for (Item item : items) {
      oracle.read(item, changes);
    }
    Map<List<String>, Event> first = new HashMap<>();
    Map<List<String>, Event> last = new HashMap<>();
    for (Event event : oracle.events) {
      first.merge(event.pair(), event, (a, b) -> a.compareTo(b) <= 0 ? a : b);
      last.merge(event.pair(), event, (a, b) -> a.compareTo(b) >= 0 ? a : b);
    }
    oracle.events.stream()
        .filter(
            event ->
                event.kind() == Kind.ALONE
                    || event.isWritten()
                    || event.compareTo(first.get(event.pair())) == 0
                    || event.compareTo(last.get(event.pair())) == 0)
        .sorted()
        .forEach(event -> oracle.take(event, changes));
    Map<String, Set<String>> byPerson = new HashMap<>();
    oracle.people.forEach(
        (name, person) ->
            byPerson.computeIfAbsent(oracle.root(person), p -> new HashSet<>()).add(name));
    return Set.copyOf(byPerson.values());
  }

  private void read(Item item, Map<String, Item> changes) {
    if (item instanceof Text text) {
      see(text.id(), text.id(), text.phone(), text.userId(), text.at(), true);
    } else if (item instanceof PastPlace place) {
      see(
          place.id(),
          place.id(),
          Optional.of(place.phone()),
          place.userId(),
          place.at(),
          !place.isOwn());
    } else if (item instanceof PastFile file) {
      see("", file.id(), Optional.of(file.phone()), Optional.empty(), file.at(), false);
    } else if (item instanceof Wish wish) {
      see(wish.category(), "", wish.phone(), wish.userId(), wish.at(), false);
    } else if (item instanceof InGroup message) {
      people.put(message.id(), "group " + message.group());
      see("", message.id(), message.phone(), message.userId(), message.at(), false);
    } else if (item instanceof OwnNumber answer) {
      see(
          answer.id(),
          answer.id(),
          Optional.of(answer.phone()),
          Optional.of(answer.userId()),
          answer.at(),
          false);
    } else if (item instanceof StatusFor status) {
      see("", "", Optional.of(status.phone()), Optional.of(status.userId()), status.at(), false);
    } else if (item instanceof NewNumber change) {
      changes.put(change.id(), change);
      see(
          change.id(),
          change.id(),
          Optional.of(change.phone()),
          Optional.empty(),
          change.at(),
          true);
    } else if (item instanceof NewUserId change) {
      Optional<String> phone = Optional.of(change.phone());
      change.previous().ifPresent(old -> join("user " + old, "user " + change.newUserId()));
      if (change.previous().isEmpty()) {
        changes.put(change.id(), change);
      }
      see("", change.id(), phone, change.previous(), change.at(), true);
      // And goes by the new one right after.
      see(
          change.id(),
          change.id() + "!",
          phone,
          Optional.of(change.newUserId()),
          change.at(),
          false);
    }
  }

  /** What is by a user id is that person's, whatever else is known. */
  private void see(
      String name,
      String source,
      Optional<String> phone,
      Optional<String> userId,
      int at,
      boolean isWritten) {
    if (userId.isPresent() && !name.isEmpty()) {
      people.put(name, "user " + userId.get());
    }
    phone.ifPresent(
        number ->
            events.add(
                new Event(
                    at,
                    source,
                    userId.isPresent() ? Kind.CLAIM : Kind.ALONE,
                    userId.orElse(""),
                    number,
                    isWritten,
                    userId.isPresent() ? "" : name)));
  }

  private void take(Event event, Map<String, Item> changes) {
    String number = PhoneKeys.of(event.phone());
    if (event.kind() == Kind.CLAIM) {
      @Nullable String holder = holders.get(number);
      // Who has the number without a user id is the same person.
      if (holder != null && !hasUserId(holder)) {
        join(holder, "user " + event.userId());
      }
      holders.put(number, "user " + event.userId());
      return;
    }
    String person = holders.computeIfAbsent(number, n -> "number " + n + " " + event);
    if (!event.name().isEmpty()) {
      people.put(event.name(), person);
    }
    @Nullable Item change = changes.get(event.source());
    if (change instanceof NewNumber moved && !number.equals(PhoneKeys.of(moved.newPhone()))) {
      holders.remove(number);
      holders.put(PhoneKeys.of(moved.newPhone()), person);
    } else if (change instanceof NewUserId renamed) {
      join(person, "user " + renamed.newUserId());
    }
  }

  private boolean hasUserId(String person) {
    return root(person).startsWith("user ");
  }

  private void join(String one, String other) {
    String a = root(one);
    String b = root(other);
    if (!a.equals(b)) {
      boolean first = hasUserId(a);
      sameAs.put(first ? b : a, first ? a : b);
    }
  }

  private String root(String person) {
    String root = person;
    while (sameAs.containsKey(root)) {
      root = sameAs.get(root);
    }
    return root;
  }
}
