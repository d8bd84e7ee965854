package dev.dovetable.core.webhooks;

import dev.dovetable.core.internal.payload.NewsPiece;
import dev.dovetable.core.internal.payload.WebhookChange;
import dev.dovetable.core.webhooks.UnroutedWebhook.Reason;
import java.util.List;
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
    return isTakenIn() && !received.isComplete()
        ? Optional.of(Reason.NOT_UNDERSTOOD)
        : Optional.empty();
  }

  /** Whether all of it that was understood has its place. */
  boolean isTakenIn() {
    return placement instanceof Placement.Stored || placement instanceof Placement.OnlyNews;
  }

  /** The news in it, which is kept once the rest has its place. */
  List<NewsPiece> news() {
    return isTakenIn() ? received.change().map(WebhookChange::news).orElse(List.of()) : List.of();
  }
}
