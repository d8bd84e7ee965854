package dev.dovetable.core.webhooks;

import dev.dovetable.core.internal.payload.UnreadableBodyException;
import dev.dovetable.core.internal.payload.WebhookChange;
import dev.dovetable.core.internal.payload.WebhookReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A change that a callback told of: what of a body goes to one place as a whole.
 *
 * @param change empty if the body can't be read
 * @param raw what to keep if there is no place for it: a body with this change alone
 * @param body the whole body that it came in
 */
record ReceivedChange(Optional<WebhookChange> change, byte[] raw, byte[] body) {

  static List<ReceivedChange> of(byte[] body, WebhookReader reader) {
    try {
      return reader.read(body).changes().stream()
          .map(
              change ->
                  new ReceivedChange(
                      Optional.of(change), change.raw().getBytes(StandardCharsets.UTF_8), body))
          .toList();
    } catch (UnreadableBodyException e) {
      return List.of(new ReceivedChange(Optional.empty(), body, body));
    }
  }

  /** Whether it tells nothing of messages. */
  boolean isEmpty() {
    return change.map(c -> c.messages().isEmpty() && c.statuses().isEmpty()).orElse(true);
  }

  boolean isComplete() {
    return change.map(WebhookChange::complete).orElse(false);
  }

  /** Whether it is all of its body. */
  boolean isWhole() {
    return Arrays.equals(raw, body);
  }

  Optional<String> phoneNumberId() {
    return change.flatMap(WebhookChange::phoneNumberId);
  }
}
