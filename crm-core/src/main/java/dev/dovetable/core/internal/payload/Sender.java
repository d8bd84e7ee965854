package dev.dovetable.core.internal.payload;

import java.util.Optional;

/**
 * A customer, or a member of a group; the phone number, the user id or the group's id is there.
 *
 * @param phone as the provider writes it: digits with the country code, as a rule
 * @param userId the business-scoped user id, which callbacks carry since April 2026
 * @param username the name that the person has taken in place of the number
 * @param parentUserId the user id that several portfolios of businesses share
 * @param name the name in the profile, else the user name
 * @param groupId of a group; then nothing else is there
 */
public record Sender(
    Optional<String> phone,
    Optional<String> userId,
    Optional<String> username,
    Optional<String> parentUserId,
    Optional<String> name,
    Optional<String> groupId) {

  /** A group, which is a conversation of its own. */
  static Sender group(String id) {
    return new Sender(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(id));
  }
}
