package dev.dovetable.core.webhooks;

import dev.dovetable.core.internal.payload.PhoneKeys;
import dev.dovetable.core.webhooks.WebhookBodies.Item;
import dev.dovetable.core.webhooks.WebhookBodies.NewNumber;
import dev.dovetable.core.webhooks.WebhookBodies.NewUserId;
import dev.dovetable.core.webhooks.WebhookBodies.OwnNumber;
import dev.dovetable.core.webhooks.WebhookBodies.StatusFor;
import dev.dovetable.core.webhooks.WebhookBodies.Text;
import java.util.ArrayList;
import java.util.Collection;
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
 * Whose messages are whose, when all is known: one event after the other in the order of the
 * provider's time and the messages' ids. Written after the rules, and not after the SQL.
 */
final class PeopleOracle {
  /** What people are one with: the last in a chain of these is the person. */
  private final Map<String, String> sameAs = new HashMap<>();

  /** Who has a number by now. */
  private final Map<String, String> holders = new HashMap<>();

  private final Map<String, String> people = new TreeMap<>();

  private record Event(int at, String source, Item item) {}

  /** Sets of ids of messages: of each person. */
  static Set<Set<String>> partition(List<Item> items) {
    PeopleOracle oracle = new PeopleOracle();
    oracle.run(items);
    Map<String, Set<String>> byPerson = new HashMap<>();
    oracle.people.forEach(
        (message, person) ->
            byPerson.computeIfAbsent(oracle.root(person), p -> new HashSet<>()).add(message));
    return Set.copyOf(byPerson.values());
  }

  private void run(Collection<Item> items) {
    List<Event> events = new ArrayList<>();
    for (Item item : items) {
      if (item instanceof Text text) {
        events.add(new Event(text.at(), text.id(), text));
      } else if (item instanceof NewNumber change) {
        events.add(new Event(change.at(), change.id(), change));
      } else if (item instanceof NewUserId change) {
        events.add(new Event(change.at(), change.id(), change));
        change.previous().ifPresent(old -> join("user " + old, "user " + change.newUserId()));
      } else if (item instanceof OwnNumber answer) {
        events.add(new Event(answer.at(), answer.id(), answer));
      } else if (item instanceof StatusFor status) {
        events.add(new Event(status.at(), "", status));
      }
    }
    endsOfPairs(events).stream()
        .sorted(Comparator.comparing(Event::at).thenComparing(Event::source))
        .forEach(this::take);
  }

  /** Of each user id with a number, the first and the last time count, and not those between. */
  private static List<Event> endsOfPairs(List<Event> events) {
    Map<List<String>, List<Event>> ofPair = new HashMap<>();
    Comparator<Event> byTime = Comparator.comparing(Event::at).thenComparing(Event::source);
    List<Event> all = new ArrayList<>();
    for (Event event : events) {
      pair(event.item())
          .ifPresentOrElse(
              pair -> ofPair.computeIfAbsent(pair, p -> new ArrayList<>()).add(event),
              () -> all.add(event));
    }
    for (List<Event> pair : ofPair.values()) {
      Event first = pair.stream().min(byTime).orElseThrow();
      Event last = pair.stream().max(byTime).orElseThrow();
      for (Event event : pair) {
        boolean counts = event == first || event == last;
        all.add(
            counts ? event : new Event(event.at(), event.source(), withoutNumber(event.item())));
      }
    }
    return all;
  }

  private static Optional<List<String>> pair(Item item) {
    if (item instanceof Text text && text.phone().isPresent() && text.userId().isPresent()) {
      return Optional.of(List.of(key(text.phone().get()), text.userId().get()));
    }
    if (item instanceof OwnNumber answer) {
      return Optional.of(List.of(key(answer.phone()), answer.userId()));
    }
    return item instanceof StatusFor status
        ? Optional.of(List.of(key(status.phone()), status.userId()))
        : Optional.empty();
  }

  private static Item withoutNumber(Item item) {
    if (item instanceof Text text) {
      return new Text(text.id(), Optional.empty(), text.userId(), text.name(), text.at());
    }
    return item instanceof OwnNumber answer
        ? new Text(
            answer.id(),
            Optional.empty(),
            Optional.of(answer.userId()),
            Optional.empty(),
            answer.at())
        : new WebhookBodies.Status("", "sent", 0);
  }

  private void take(Event event) {
    if (event.item() instanceof Text text) {
      Optional<String> phone = text.phone().map(PeopleOracle::key);
      text.userId()
          .ifPresentOrElse(
              userId -> {
                phone.ifPresent(number -> see(userId, number));
                people.put(text.id(), "user " + userId);
              },
              () -> people.put(text.id(), alone(phone.orElseThrow(), event)));
    } else if (event.item() instanceof OwnNumber answer) {
      see(answer.userId(), key(answer.phone()));
      people.put(answer.id(), "user " + answer.userId());
    } else if (event.item() instanceof StatusFor status) {
      see(status.userId(), key(status.phone()));
    } else if (event.item() instanceof NewNumber change) {
      String person = alone(key(change.phone()), event);
      people.put(change.id(), person);
      if (!key(change.phone()).equals(key(change.newPhone()))) {
        holders.remove(key(change.phone()));
        holders.put(key(change.newPhone()), person);
      }
    } else if (event.item() instanceof NewUserId change) {
      String number = key(change.phone());
      change
          .previous()
          .ifPresentOrElse(
              previous -> see(previous, number),
              () -> join(alone(number, event), "user " + change.newUserId()));
      people.put(change.id(), "user " + change.newUserId());
    }
  }

  /** A user id with a number: who has the number without one is the same person. */
  private void see(String userId, String number) {
    @Nullable String holder = holders.get(number);
    if (holder != null && !hasUserId(holder)) {
      join(holder, "user " + userId);
    }
    holders.put(number, "user " + userId);
  }

  private String alone(String number, Event event) {
    return holders.computeIfAbsent(number, n -> "number " + n + " " + event);
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

  private static String key(String phone) {
    return PhoneKeys.of(phone);
  }
}
