package dev.dovetable.core.internal.payload;

import java.time.Instant;
import java.util.Optional;

/**
 * That somebody goes by these ids and this name at a time. The phone number or the user id is
 * there. It makes nobody a customer: a status or the member of a group is one, too.
 *
 * @param at the provider's time, to the second; of what has none, that of what it came with
 * @param place in the body: orders what is told of one second
 * @param phone as the provider writes it: digits with the country code, as a rule
 * @param userId the business-scoped user id
 * @param username the name that the person has taken in place of the number
 * @param parentUserId the user id that several portfolios of businesses share
 * @param name the name in the profile or in the business's address book, else the user name
 * @param change set if the person goes by other ids from then on
 * @param source the provider's id of the message that tells it; empty if none does
 * @param about of a status, the provider's id of its message; else empty
 */
public record Sighting(
    Instant at,
    int place,
    Optional<String> phone,
    Optional<String> userId,
    Optional<String> username,
    Optional<String> parentUserId,
    Optional<String> name,
    Optional<NumberChange> change,
    String source,
    String about) {

  static Sighting of(
      Sender sender, Instant at, int place, Optional<NumberChange> change, String source) {
    return new Sighting(
        at,
        place,
        sender.phone(),
        sender.userId(),
        sender.username(),
        sender.parentUserId(),
        sender.name(),
        change,
        source,
        "");
  }

  Sighting ofStatus(String providerId) {
    return new Sighting(
        at, place, phone, userId, username, parentUserId, name, change, source, providerId);
  }
}
