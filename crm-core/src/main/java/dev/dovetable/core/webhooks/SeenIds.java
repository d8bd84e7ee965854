package dev.dovetable.core.webhooks;

import dev.dovetable.core.internal.payload.PhoneKeys;
import java.util.Optional;

/**
 * By what a person or a group was seen. Immutable and thread-safe.
 *
 * @param userId a group's id, if it is one; empty if there was only a number
 * @param phone empty if there was only a user id
 * @param moment set to tell one moment from another
 */
record SeenIds(String userId, String phone, boolean isGroup, Optional<Position> moment) {

  static SeenIds of(Optional<String> userId, Optional<String> phone) {
    return new SeenIds(userId.orElse(""), phone.orElse(""), false, Optional.empty());
  }

  static SeenIds ofGroup(String id) {
    return new SeenIds(id, "", true, Optional.empty());
  }

  SeenIds at(Position at) {
    return new SeenIds(userId, phone, isGroup, Optional.of(at));
  }

  /** The same for all ways to write one number; empty if there is none. */
  String key() {
    return phone.isEmpty() ? "" : PhoneKeys.of(phone);
  }
}
