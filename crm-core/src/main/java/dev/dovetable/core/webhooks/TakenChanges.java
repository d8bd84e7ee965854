package dev.dovetable.core.webhooks;

import dev.dovetable.core.webhooks.Placement.Failed;
import dev.dovetable.core.webhooks.WebhookReport.Result;
import dev.dovetable.schema.errors.CrmException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What became of changes.
 *
 * @param lost those that are neither stored nor kept
 * @param kept those that are kept
 */
record TakenChanges(WebhookReport report, List<ReceivedChange> lost, List<ReceivedChange> kept) {

  /**
   * What became of those that went to one database.
   *
   * @param notKept why what was to be kept isn't
   * @param told what became of news
   */
  record Part(List<PlacedChange> placed, Optional<CrmException> notKept, NewsIntake.Taken told) {

    /** All of it failed. */
    static Part failed(List<ReceivedChange> received, CrmException failure) {
      return new Part(
          received.stream()
              .map(one -> new PlacedChange(one, Optional.empty(), new Failed(failure)))
              .toList(),
          Optional.of(failure),
          new NewsIntake.Taken(Map.of(), Optional.of(failure)));
    }

    /** The same, whose failures name the database. */
    Part in(String database) {
      Map<CrmException, CrmException> named = new IdentityHashMap<>();
      Function<CrmException, CrmException> name =
          failure -> named.computeIfAbsent(failure, one -> FleetNumbers.in(database, one));
      return new Part(
          placed.stream()
              .map(
                  one ->
                      one.placement() instanceof Failed failed
                          ? new PlacedChange(
                              one.received(),
                              one.prefix(),
                              new Failed(name.apply(failed.failure())))
                          : one)
              .toList(),
          notKept.map(name),
          new NewsIntake.Taken(told.agents(), told.failure().map(name)));
    }

    /** In the order in which they were placed. */
    Stream<Result> results() {
      WebhookReportBuilder builder = new WebhookReportBuilder(notKept.isEmpty(), told);
      return placed.stream().flatMap(one -> List.copyOf(builder.add(one)).stream());
    }

    private Stream<CrmException> failures() {
      return Stream.of(
              placed.stream().flatMap(p -> failure(p).stream()),
              notKept.stream(),
              told.failure().stream())
          .flatMap(Function.identity());
    }

    private boolean isLost(PlacedChange one) {
      return notKept.isPresent()
          || failure(one).isPresent()
          || told.failure().isPresent() && !one.news().isEmpty();
    }

    private Stream<ReceivedChange> received(Predicate<PlacedChange> which) {
      return placed.stream().filter(which).map(PlacedChange::received);
    }
  }

  /**
   * The parts as one.
   *
   * @param order of all that is in them
   * @throws CrmException if there was something to do, and nothing could be done
   */
  static TakenChanges of(List<ReceivedChange> order, List<Part> parts) {
    Map<ReceivedChange, List<Result>> results = new IdentityHashMap<>();
    for (Part part : parts) {
      WebhookReportBuilder builder =
          new WebhookReportBuilder(part.notKept().isEmpty(), part.told());
      // In the order of the body, in which the first of two is the one that is new.
      part.placed().forEach(one -> results.put(one.received(), builder.add(one)));
    }
    // Of an agent's changes, all have failed by the same exception.
    List<CrmException> failures = parts.stream().flatMap(Part::failures).distinct().toList();
    List<Result> all = new ArrayList<>();
    order.forEach(one -> all.addAll(results.getOrDefault(one, List.of())));
    WebhookReport report = new WebhookReport(all, failures);
    if (!failures.isEmpty() && report.count(WebhookReport.Outcome.FAILED) == all.size()) {
      failures.stream().skip(1).forEach(failures.get(0)::addSuppressed);
      throw failures.get(0);
    }
    return new TakenChanges(
        report,
        parts.stream().flatMap(part -> part.received(part::isLost)).toList(),
        parts.stream()
            .filter(part -> part.notKept().isEmpty())
            .flatMap(part -> part.received(one -> one.reasonToKeep().isPresent()))
            .toList());
  }

  private static Optional<CrmException> failure(PlacedChange placed) {
    return placed.placement() instanceof Failed failed
        ? Optional.of(failed.failure())
        : Optional.empty();
  }

  /** Of what was kept before, what isn't to be any longer. */
  List<Long> settled(List<UnroutedWebhooks.Found> found) {
    return found.stream()
        .filter(one -> lost.stream().noneMatch(change -> change.body() == one.body()))
        // A change that is kept again is kept by itself, unless there was nothing else.
        .filter(
            one ->
                kept.stream().noneMatch(change -> change.body() == one.body() && change.isWhole()))
        .map(UnroutedWebhooks.Found::id)
        .toList();
  }
}
