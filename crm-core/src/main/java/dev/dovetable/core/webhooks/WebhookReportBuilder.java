package dev.dovetable.core.webhooks;

import dev.dovetable.core.internal.payload.InboundMessage;
import dev.dovetable.core.internal.payload.MessageStatus;
import dev.dovetable.core.internal.payload.Preference;
import dev.dovetable.core.internal.payload.WebhookChange;
import dev.dovetable.core.messages.MessageDirection;
import dev.dovetable.core.webhooks.WebhookReport.Outcome;
import dev.dovetable.core.webhooks.WebhookReport.Result;
import dev.dovetable.core.webhooks.WebhookStore.Known;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes the results of a report, change by change in the order of the body. Not thread-safe. */
final class WebhookReportBuilder {
  /** Of the change at hand. */
  private final List<Result> results = new ArrayList<>();

  /** Prefix and provider's id of the messages that are reported as stored. */
  private final Set<List<String>> stored = new HashSet<>();

  private final Outcome ofKept;
  private final NewsIntake.Taken news;

  /**
   * Without results yet.
   *
   * @param isKept whether what was to be kept is kept
   * @param news what became of news
   */
  WebhookReportBuilder(boolean isKept, NewsIntake.Taken news) {
    this.news = news;
    this.ofKept = isKept ? Outcome.KEPT_UNROUTED : Outcome.FAILED;
  }

  /** Its results. */
  List<Result> add(PlacedChange placed) {
    results.clear();
    placed.received().change().ifPresent(change -> addAll(placed, change));
    placed.news().forEach(piece -> results.add(ofNews(placed)));
    boolean hasMore = !(placed.placement() instanceof Placement.Unrouted);
    boolean isNothing =
        placed.received().isEmpty() && !(placed.placement() instanceof Placement.OnlyNews);
    if (isNothing || hasMore && placed.reasonToKeep().isPresent()) {
      results.add(result(ofKept, placed.prefix()));
    }
    return List.copyOf(results);
  }

  private Result ofNews(PlacedChange placed) {
    return result(
        news.failure().isEmpty() ? Outcome.NEWS : Outcome.FAILED,
        placed
            .prefix()
            .or(
                () ->
                    placed
                        .received()
                        .phoneNumberId()
                        .flatMap(number -> Optional.ofNullable(news.agents().get(number)))));
  }

  private static Result result(Outcome outcome, Optional<String> prefix) {
    return of(outcome, prefix, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static Result of(
      Outcome outcome,
      Optional<String> prefix,
      Optional<String> providerId,
      Optional<InboundMessage> message,
      Optional<Known> known) {
    return new Result(
        outcome,
        prefix,
        providerId,
        known.flatMap(Known::messageId),
        known.flatMap(Known::customerId),
        message.map(InboundMessage::kind),
        message.map(m -> m.echo() ? MessageDirection.OUTBOUND : MessageDirection.INBOUND),
        known.map(Known::isMerging).orElse(false));
  }

  private void addAll(PlacedChange placed, WebhookChange change) {
    Optional<String> prefix = placed.prefix();
    if (placed.placement() instanceof Placement.Stored done) {
      change.messages().forEach(message -> addMessage(prefix, message, done.known()));
      change.statuses().forEach(status -> addStatus(prefix, status, done.known()));
      change.preferences().forEach(told -> addPreference(prefix, told, done.known()));
      return;
    }
    Outcome outcome = placed.placement() instanceof Placement.Unrouted ? ofKept : Outcome.FAILED;
    for (InboundMessage message : change.messages()) {
      Optional<String> id = Optional.of(message.providerId());
      results.add(of(outcome, prefix, id, Optional.of(message), Optional.empty()));
    }
    for (MessageStatus status : change.statuses()) {
      Optional<String> id = Optional.of(status.providerId());
      results.add(of(outcome, prefix, id, Optional.empty(), Optional.empty()));
    }
    change.preferences().forEach(told -> results.add(result(outcome, prefix)));
  }

  private void addMessage(
      Optional<String> prefix, InboundMessage message, Map<String, Known> known) {
    String id = message.providerId();
    Optional<Known> found = Optional.ofNullable(known.get(id));
    boolean isNew =
        found.map(Known::isNew).orElse(false) && stored.add(List.of(prefix.orElse(""), id));
    Outcome outcome = isNew ? Outcome.STORED : Outcome.DUPLICATE;
    results.add(of(outcome, prefix, Optional.of(id), Optional.of(message), found));
  }

  private void addStatus(Optional<String> prefix, MessageStatus status, Map<String, Known> known) {
    Optional<Known> found = Optional.ofNullable(known.get(status.providerId()));
    Outcome outcome =
        found.map(Known::isThere).orElse(false) ? Outcome.STATUS_APPLIED : Outcome.STATUS_WAITING;
    results.add(of(outcome, prefix, Optional.of(status.providerId()), Optional.empty(), found));
  }

  private void addPreference(Optional<String> prefix, Preference told, Map<String, Known> known) {
    Optional<Known> found = Optional.ofNullable(known.get(WebhookStore.key(told)));
    results.add(of(Outcome.CONSENT, prefix, Optional.empty(), Optional.empty(), found));
  }
}
