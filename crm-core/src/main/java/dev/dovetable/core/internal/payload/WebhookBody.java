package dev.dovetable.core.internal.payload;

import java.util.List;

/**
 * What the body of one callback tells.
 *
 * @param changes of all entries, in their order; never empty
 */
public record WebhookBody(List<WebhookChange> changes) {

  /** Copies the list. */
  public WebhookBody {
    changes = List.copyOf(changes);
  }
}
