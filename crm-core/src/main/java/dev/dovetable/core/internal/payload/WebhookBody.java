package dev.dovetable.core.internal.payload;

import java.util.List;

/**
 * What one request told.
 *
 * @param parts one for each change of each entry, in their order; never empty
 */
public record WebhookBody(List<WebhookPart> parts) {

  /** Copies the list. */
  public WebhookBody {
    parts = List.copyOf(parts);
  }
}
