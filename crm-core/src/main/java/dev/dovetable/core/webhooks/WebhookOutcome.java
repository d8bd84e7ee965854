package dev.dovetable.core.webhooks;

import dev.dovetable.core.webhooks.UnroutedWebhook.Reason;
import dev.dovetable.core.webhooks.WebhookStore.Known;
import dev.dovetable.schema.errors.CrmException;
import java.util.Map;
import java.util.Optional;

/** What became of a piece of a webhook delivery, or of all pieces for one agent. */
sealed interface WebhookOutcome {

  /** Stored with its agent. */
  record Stored(Map<String, Known> known) implements WebhookOutcome {}

  /** To be kept as it came. */
  record Unrouted(Reason reason) implements WebhookOutcome {}

  /** Lost, unless WhatsApp sends it again. */
  record Failed(CrmException failure) implements WebhookOutcome {}

  /**
   * A piece, the agent that it is for, and what became of it.
   *
   * @param prefix empty if it has led to no agent
   */
  record Placed(WebhookPiece piece, Optional<String> prefix, WebhookOutcome outcome) {

    /** Why the piece is to be kept as it came, if it is. */
    Optional<Reason> reasonToKeep() {
      if (outcome instanceof Unrouted unrouted) {
        return Optional.of(unrouted.reason());
      }
      return outcome instanceof Stored && !piece.isComplete()
          ? Optional.of(Reason.NOT_UNDERSTOOD)
          : Optional.empty();
    }
  }
}
