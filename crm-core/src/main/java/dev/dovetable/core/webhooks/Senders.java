package dev.dovetable.core.webhooks;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.internal.payload.GroupSubject;
import dev.dovetable.core.internal.payload.InboundMessage;
import dev.dovetable.core.internal.payload.Preference;
import dev.dovetable.core.internal.payload.Sender;
import dev.dovetable.core.internal.payload.Sighting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whom messages and what else is told of an agent show: by user id and phone number, together or
 * alone, each pair once. Numbered from 1. Not thread-safe.
 */
final class Senders {
  private final Map<SeenPerson.Ids, SeenPerson> people = new LinkedHashMap<>();
  private final Map<SeenPerson.Ids, Integer> numbers = new HashMap<>();
  private final Map<String, SeenPerson.Ids> ofMessages = new HashMap<>();
  private final Map<String, InboundMessage> messages = new HashMap<>();
  private final boolean byMoment;
  private boolean hasChanges;

  /**
   * Whom they show.
   *
   * @param messages those with one id once
   * @param byMoment whether who comes by a number alone is listed for each message: whose number it
   *     is hangs on the time then
   */
  Senders(
      Collection<InboundMessage> messages,
      List<Sighting> sightings,
      List<GroupSubject> groups,
      boolean byMoment) {
    this.byMoment = byMoment;
    for (InboundMessage message : messages) {
      Sender sender = message.sender();
      SeenPerson.Ids ids =
          sender
              .groupId()
              .map(SeenPerson.Ids::ofGroup)
              .orElseGet(() -> SeenChange.idsBefore(sender, message.numberChange()));
      Position at = Position.of(message.timestamp(), message.providerId());
      ofMessages.put(message.providerId(), moment(ids, at));
      this.messages.put(message.providerId(), message);
      if (sender.groupId().isPresent()) {
        add(new SeenPerson(ids, at));
      }
    }
    sightings.forEach(this::add);
    groups.forEach(this::add);
    people.keySet().forEach(ids -> numbers.put(ids, numbers.size() + 1));
  }

  private void add(GroupSubject group) {
    Position at = Position.of(group.at(), "");
    add(new SeenPerson(SeenPerson.Ids.ofGroup(group.groupId()), at).named(group.subject()).told());
  }

  private void add(Sighting sighting) {
    Position at = Position.of(sighting.at(), sighting.source());
    SeenPerson.Ids before = SeenChange.idsBefore(sighting);
    SeenPerson person = new SeenPerson(before, at).with(sighting);
    Optional<SeenChange> change = SeenChange.of(sighting, before, at);
    hasChanges |= change.isPresent();
    change.ifPresent(changed -> add(new SeenPerson(changed.idsAfter(), at.after().after()).told()));
    person = change.map(person::with).orElse(person);
    boolean isOfMessage = moment(before, at).equals(ofMessages.get(sighting.source()));
    InboundMessage message = messages.get(sighting.source());
    if (!isOfMessage || message == null) {
      add(person.told());
    } else {
      // A file is of whoever its place in the chat says, but it has been seen with this sender.
      boolean isFile = message.half().equals(Optional.of(InboundMessage.Half.FILE));
      SeenPerson its = message.echo() || isFile ? person : person.writing();
      add(isFile ? its.told() : its);
    }
  }

  private void add(SeenPerson person) {
    people.merge(moment(person.ids(), person.first()), person, SeenPerson::merge);
  }

  private SeenPerson.Ids moment(SeenPerson.Ids ids, Position at) {
    return byMoment && ids.userId().isEmpty() ? ids.at(at) : ids;
  }

  List<SeenPerson> all() {
    return new ArrayList<>(people.values());
  }

  /** Whether anybody goes by other ids from then on. */
  boolean hasChanges() {
    return hasChanges;
  }

  /** The number of the customer of one of the messages. */
  int numberOf(InboundMessage message) {
    return requireNonNull(numbers.get(idsOf(message)));
  }

  /** The number of who has a preference. */
  int numberOf(Preference preference) {
    SeenPerson.Ids ids = SeenChange.idsBefore(preference.person(), Optional.empty());
    return requireNonNull(numbers.get(moment(ids, Position.of(preference.at(), ""))));
  }

  /** By what the customer of one of the messages is known. */
  SeenPerson.Ids idsOf(InboundMessage message) {
    return requireNonNull(ofMessages.get(message.providerId()));
  }
}
