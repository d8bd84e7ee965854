package dev.dovetable.core.webhooks;

import dev.dovetable.core.internal.payload.InboundMessage;
import dev.dovetable.core.internal.payload.MessageStatus;
import dev.dovetable.core.internal.payload.WebhookPart;
import dev.dovetable.core.webhooks.WebhookOutcome.Placed;
import dev.dovetable.core.webhooks.WebhookReport.Entry;
import dev.dovetable.core.webhooks.WebhookReport.Outcome;
import dev.dovetable.core.webhooks.WebhookStore.Known;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The entries of a report, in the order of the delivery. Not thread-safe. */
final class WebhookEntries {
  private final List<Entry> entries = new ArrayList<>();

  /** Prefix and provider's id of the messages that are reported as stored. */
  private final Set<List<String>> stored = new HashSet<>();

  private final Outcome ofKept;

  /**
   * Without entries yet.
   *
   * @param isKept whether what was to be kept is kept
   */
  WebhookEntries(boolean isKept) {
    this.ofKept = isKept ? Outcome.KEPT_UNROUTED : Outcome.FAILED;
  }

  List<Entry> all() {
    return entries;
  }

  void add(Placed placed) {
    placed.piece().part().ifPresent(part -> addContent(placed, part));
    boolean hasMore = !(placed.outcome() instanceof WebhookOutcome.Unrouted);
    if (placed.piece().isEmpty() || hasMore && placed.reasonToKeep().isPresent()) {
      entries.add(new Entry(ofKept, placed.prefix(), Optional.empty(), Optional.empty()));
    }
  }

  private void addContent(Placed placed, WebhookPart part) {
    if (placed.outcome() instanceof WebhookOutcome.Stored done) {
      String prefix = placed.prefix().orElseThrow();
      part.messages().forEach(message -> addMessage(prefix, message, done.known()));
      part.statuses().forEach(status -> addStatus(prefix, status, done.known()));
      return;
    }
    Outcome outcome = placed.outcome() instanceof WebhookOutcome.Unrouted ? ofKept : Outcome.FAILED;
    part.messages().forEach(message -> add(outcome, placed.prefix(), message.providerId()));
    part.statuses().forEach(status -> add(outcome, placed.prefix(), status.providerId()));
  }

  private void addMessage(String prefix, InboundMessage message, Map<String, Known> known) {
    String id = message.providerId();
    Optional<Known> found = Optional.ofNullable(known.get(id));
    boolean isNew = found.map(Known::isNew).orElse(false) && stored.add(List.of(prefix, id));
    entries.add(
        new Entry(
            isNew ? Outcome.STORED : Outcome.DUPLICATE,
            Optional.of(prefix),
            Optional.of(id),
            found.flatMap(Known::messageId)));
  }

  private void addStatus(String prefix, MessageStatus status, Map<String, Known> known) {
    String id = status.providerId();
    Optional<Known> found = Optional.ofNullable(known.get(id));
    entries.add(
        new Entry(
            found.isPresent() ? Outcome.STATUS_APPLIED : Outcome.STATUS_WAITING,
            Optional.of(prefix),
            Optional.of(id),
            found.flatMap(Known::messageId)));
  }

  private void add(Outcome outcome, Optional<String> prefix, String providerId) {
    entries.add(new Entry(outcome, prefix, Optional.of(providerId), Optional.empty()));
  }
}
