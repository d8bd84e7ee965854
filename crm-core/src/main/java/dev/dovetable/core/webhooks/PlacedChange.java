package dev.dovetable.core.webhooks;

import dev.dovetable.core.webhooks.UnroutedWebhook.Reason;
import java.util.Optional;

/**
 * A change, the agent that it is for, and where it is now.
 *
 * @param prefix empty if it has led to no agent
 */
record PlacedChange(ReceivedChange received, Optional<String> prefix, Placement placement) {

  /** Why the change is to be kept as it came, if it is. */
  Optional<Reason> reasonToKeep() {
    if (placement instanceof Placement.Unrouted unrouted) {
      return Optional.of(unrouted.reason());
    }
    return placement instanceof Placement.Stored && !received.isComplete()
        ? Optional.of(Reason.NOT_UNDERSTOOD)
        : Optional.empty();
  }
}
