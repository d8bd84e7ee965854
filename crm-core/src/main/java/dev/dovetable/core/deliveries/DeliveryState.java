package dev.dovetable.core.deliveries;

import java.util.Locale;

/** How far a message that was sent has got. */
public enum DeliveryState {
  /** WhatsApp has taken it. */
  SENT,
  /** It is on the customer's phone. */
  DELIVERED,
  /** The customer has seen it. */
  READ,
  /** The customer has listened to it; for voice messages. */
  PLAYED,
  /** It could not be sent or delivered. */
  FAILED,
  /** The customer has deleted it. */
  DELETED;

  String column() {
    return name().toLowerCase(Locale.ROOT);
  }

  static DeliveryState of(String column) {
    return valueOf(column.toUpperCase(Locale.ROOT));
  }
}
