package dev.dovetable.core.webhooks;

import dev.dovetable.core.internal.payload.UnreadableBodyException;
import dev.dovetable.core.internal.payload.WebhookPart;
import dev.dovetable.core.internal.payload.WebhookReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What of a webhook delivery goes to one place as a whole.
 *
 * @param part empty if it can't be read
 * @param body what to keep if there is no place for it
 * @param origin the delivery that it is a piece of
 */
record WebhookPiece(Optional<WebhookPart> part, byte[] body, byte[] origin) {

  static List<WebhookPiece> of(byte[] origin, WebhookReader reader) {
    try {
      return reader.read(origin).parts().stream()
          .map(
              part ->
                  new WebhookPiece(
                      Optional.of(part), part.raw().getBytes(StandardCharsets.UTF_8), origin))
          .toList();
    } catch (UnreadableBodyException e) {
      return List.of(new WebhookPiece(Optional.empty(), origin, origin));
    }
  }

  /** Whether it tells nothing of messages. */
  boolean isEmpty() {
    return part.map(p -> p.messages().isEmpty() && p.statuses().isEmpty()).orElse(true);
  }

  boolean isComplete() {
    return part.map(WebhookPart::complete).orElse(false);
  }

  /** Whether it is the delivery itself, and not a piece of a larger one. */
  boolean isWhole() {
    return Arrays.equals(body, origin);
  }

  Optional<String> phoneNumberId() {
    return part.flatMap(WebhookPart::phoneNumberId);
  }
}
