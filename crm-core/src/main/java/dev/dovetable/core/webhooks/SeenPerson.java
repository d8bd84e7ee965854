package dev.dovetable.core.webhooks;

import dev.dovetable.core.internal.payload.PhoneKeys;
import dev.dovetable.core.internal.payload.Sighting;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * When somebody was seen by the same ids, and under which names last. Immutable and thread-safe.
 *
 * @param isTold whether something else than a message of this customer's tells it
 * @param source the provider's id of the message, or of that of the status, that told it last;
 *     empty if neither did
 * @param written all positions at which the customer wrote so
 */
record SeenPerson(
    Ids ids,
    Position first,
    Position last,
    Optional<Named> name,
    Optional<Named> username,
    Optional<String> parentUserId,
    List<SeenChange> changes,
    String source,
    boolean isTold,
    List<Position> written) {

  /**
   * By what a person or a group was seen. Immutable and thread-safe.
   *
   * @param userId a group's id, if it is one; empty if there was only a number
   * @param phone empty if there was only a user id
   * @param moment set to tell one moment from another
   */
  record Ids(String userId, String phone, boolean isGroup, Optional<Position> moment) {

    static Ids of(Optional<String> userId, Optional<String> phone) {
      return new Ids(userId.orElse(""), phone.orElse(""), false, Optional.empty());
    }

    static Ids ofGroup(String id) {
      return new Ids(id, "", true, Optional.empty());
    }

    Ids at(Position at) {
      return new Ids(userId, phone, isGroup, Optional.of(at));
    }

    /** The same for all ways to write one number; empty if there is none. */
    String key() {
      return phone.isEmpty() ? "" : PhoneKeys.of(phone);
    }
  }

  /** A name, and when it was told. */
  record Named(Position at, String name) {
    static Optional<Named> newest(Optional<Named> one, Optional<Named> other) {
      return Stream.of(one, other).flatMap(Optional::stream).max(Named::compare);
    }

    private static int compare(Named one, Named other) {
      int byTime = one.at.compareTo(other.at);
      return byTime == 0 ? Position.compare(one.name, other.name) : byTime;
    }
  }

  SeenPerson(Ids ids, Position at) {
    this(
        ids,
        at,
        at,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        "",
        false,
        List.of());
  }

  SeenPerson named(String newName) {
    return new SeenPerson(
        ids,
        first,
        last,
        Optional.of(new Named(last, newName)),
        username,
        parentUserId,
        changes,
        source,
        isTold,
        written);
  }

  SeenPerson with(Sighting sighting) {
    return new SeenPerson(
        ids,
        first,
        last,
        sighting.name().map(text -> new Named(last, text)),
        sighting.username().map(text -> new Named(last, text)),
        sighting.parentUserId(),
        changes,
        sighting.source().isEmpty() ? sighting.about() : sighting.source(),
        isTold,
        written);
  }

  SeenPerson with(SeenChange change) {
    return new SeenPerson(
        ids, first, last, name, username, parentUserId, List.of(change), source, isTold, written);
  }

  SeenPerson told() {
    return new SeenPerson(
        ids, first, last, name, username, parentUserId, changes, source, true, written);
  }

  SeenPerson writing() {
    return new SeenPerson(
        ids, first, last, name, username, parentUserId, changes, source, isTold, List.of(first));
  }

  SeenPerson merge(SeenPerson other) {
    return new SeenPerson(
        ids,
        first.compareTo(other.first) <= 0 ? first : other.first,
        last.compareTo(other.last) >= 0 ? last : other.last,
        Named.newest(name, other.name),
        Named.newest(username, other.username),
        Stream.of(parentUserId, other.parentUserId)
            .flatMap(Optional::stream)
            .max(Position::compare),
        Stream.concat(changes.stream(), other.changes.stream()).toList(),
        last.compareTo(other.last) >= 0 && !source.isEmpty() || other.source.isEmpty()
            ? source
            : other.source,
        isTold || other.isTold,
        Stream.concat(written.stream(), other.written.stream()).toList());
  }

  /** As remember_sightings() reads it. */
  void write(ObjectNode row) {
    row.put("user_id", ids.userId()).put("phone", ids.phone()).put("match_key", ids.key());
    row.put("kind", ids.isGroup() ? "group" : "person");
    row.put("first_seen", first.text()).put("last_seen", last.text());
    name.ifPresent(n -> row.put("name", n.name()).put("named", n.at().text()));
    username.ifPresent(n -> row.put("username", n.name()).put("username_seen", n.at().text()));
    parentUserId.ifPresent(id -> row.put("parent_user_id", id));
    row.put("source", source);
    if (isTold) {
      row.put("is_told", true);
    }
    if (!changes.isEmpty()) {
      ArrayNode rows = row.putArray("changes");
      changes.forEach(change -> change.write(rows.addObject()));
    }
  }

  /** As trace_part() reads it: what is between the first and the last time may count. */
  void writePositions(ObjectNode row) {
    if (!ids.userId().isEmpty() && !ids.phone().isEmpty() && !written.isEmpty()) {
      ArrayNode positions = row.putArray("written");
      written.forEach(at -> positions.add(at.text()));
    }
  }
}
