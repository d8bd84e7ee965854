package dev.dovetable.core.webhooks;

import dev.dovetable.core.internal.payload.NumberChange;
import dev.dovetable.core.internal.payload.PhoneKeys;
import dev.dovetable.core.internal.payload.Sender;
import dev.dovetable.core.internal.payload.Sighting;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * That a person goes by other ids from then on. Immutable and thread-safe.
 *
 * @param source the provider's id of the message that tells it
 * @param newUserId empty if it stays
 * @param newPhone empty if it stays
 */
record SeenChange(
    String source, Position at, SeenPerson.Ids before, String newUserId, String newPhone) {

  static Optional<SeenChange> of(Sighting sighting, SeenPerson.Ids before, Position at) {
    return sighting
        .change()
        .map(
            change ->
                new SeenChange(
                    sighting.source(),
                    at.after(),
                    before,
                    change.newUserId().filter(id -> !id.equals(before.userId())).orElse(""),
                    change
                        .newPhone()
                        .filter(phone -> !PhoneKeys.of(phone).equals(before.key()))
                        .orElse("")))
        .filter(change -> !change.newUserId.isEmpty() || !change.newPhone.isEmpty());
  }

  static SeenPerson.Ids idsBefore(Sighting sighting) {
    return idsBefore(sighting.userId(), sighting.phone(), sighting.change());
  }

  static SeenPerson.Ids idsBefore(Sender sender, Optional<NumberChange> change) {
    return idsBefore(sender.userId(), sender.phone(), change);
  }

  /** What is the new user id already isn't the one that the number had. */
  private static SeenPerson.Ids idsBefore(
      Optional<String> userId, Optional<String> phone, Optional<NumberChange> change) {
    boolean isNew =
        phone.isPresent()
            && userId.isPresent()
            && change.map(c -> c.newUserId().equals(userId)).orElse(false);
    return SeenPerson.Ids.of(isNew ? Optional.empty() : userId, phone);
  }

  SeenPerson.Ids idsAfter() {
    return SeenPerson.Ids.of(
        Optional.of(newUserId.isEmpty() ? before.userId() : newUserId),
        Optional.of(newPhone.isEmpty() ? before.phone() : newPhone));
  }

  void write(ObjectNode row) {
    SeenPerson.Ids after = idsAfter();
    row.put("source", source).put("seen", at.text());
    row.put("user_id", before.userId()).put("phone", before.phone());
    row.put("match_key", before.key());
    row.put("new_user_id", newUserId).put("new_phone", newPhone);
    row.put("new_match_key", newPhone.isEmpty() ? "" : after.key());
  }
}
