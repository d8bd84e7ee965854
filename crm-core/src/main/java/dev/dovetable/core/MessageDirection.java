package dev.dovetable.core;

import java.util.Locale;

/** Which way a message went: the two values of {@code {prefix}_messages.direction}. */
public enum MessageDirection {
  /** From the customer to the agent. */
  INBOUND,
  /** From the agent to the customer. */
  OUTBOUND;

  String column() {
    return name().toLowerCase(Locale.ROOT);
  }

  static MessageDirection of(String column) {
    return valueOf(column.toUpperCase(Locale.ROOT));
  }
}
