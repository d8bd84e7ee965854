package dev.dovetable.core.messages;

/** Which way a message went: the two values of {@code {prefix}_messages.direction}. */
public enum MessageDirection {
  /** From the customer to the agent. */
  INBOUND,
  /** From the agent to the customer. */
  OUTBOUND;
}
