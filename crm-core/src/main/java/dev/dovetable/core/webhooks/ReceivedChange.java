package dev.dovetable.core.webhooks;

import dev.dovetable.core.internal.payload.UnreadableBodyException;
import dev.dovetable.core.internal.payload.WebhookChange;
import dev.dovetable.core.internal.payload.WebhookReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A change that a callback told of: what of a body goes to one place as a whole.
 *
 * @param change empty if the body can't be read
 * @param raw what to keep if there is no place for it: a body with this change alone
 * @param body the whole body that it came in
 * @param origin when it came, and for whom, if that is not now
 */
record ReceivedChange(
    Optional<WebhookChange> change, byte[] raw, byte[] body, Optional<Origin> origin) {

  /**
   * When something that was kept came first.
   *
   * @param agentId the agent that had the number then; empty if none had it yet, or that isn't
   *     known
   */
  record Origin(Instant receivedAt, Optional<Long> agentId) {}

  static List<ReceivedChange> of(byte[] body, WebhookReader reader) {
    return of(body, Optional.empty(), reader);
  }

  static List<ReceivedChange> of(byte[] body, Optional<Origin> origin, WebhookReader reader) {
    try {
      return reader.read(body).changes().stream()
          .map(
              change ->
                  new ReceivedChange(
                      Optional.of(change),
                      change.raw().getBytes(StandardCharsets.UTF_8),
                      body,
                      origin))
          .toList();
    } catch (UnreadableBodyException e) {
      return List.of(new ReceivedChange(Optional.empty(), body, body, origin));
    }
  }

  /**
   * Whether the agent had the number when this came.
   *
   * @param since when it got the number; empty if nobody had it before
   */
  boolean isFor(long agentId, Optional<Instant> since) {
    return origin
        .map(
            o ->
                o.agentId()
                    .map(had -> had == agentId)
                    .orElseGet(() -> since.map(s -> !o.receivedAt().isBefore(s)).orElse(true)))
        .orElse(true);
  }

  /** Whether it tells nothing that is to be stored with an agent. */
  boolean isEmpty() {
    return !change.map(WebhookChange::isForAgent).orElse(false);
  }

  boolean hasNews() {
    return change.map(c -> !c.news().isEmpty()).orElse(false);
  }

  boolean isComplete() {
    return change.map(WebhookChange::complete).orElse(false);
  }

  /** Whether it is all of its body. */
  boolean isWhole() {
    return Arrays.equals(raw, body);
  }

  String field() {
    return change.map(WebhookChange::field).orElse("");
  }

  Optional<String> businessAccountId() {
    return change.flatMap(WebhookChange::businessAccountId);
  }

  Optional<String> phoneNumberId() {
    return change.flatMap(WebhookChange::phoneNumberId);
  }
}
