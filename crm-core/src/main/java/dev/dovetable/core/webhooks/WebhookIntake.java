package dev.dovetable.core.webhooks;

import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.core.internal.payload.WebhookPart;
import dev.dovetable.core.webhooks.UnroutedWebhook.Reason;
import dev.dovetable.core.webhooks.UnroutedWebhooks.Kept;
import dev.dovetable.core.webhooks.WebhookOutcome.Failed;
import dev.dovetable.core.webhooks.WebhookOutcome.Placed;
import dev.dovetable.core.webhooks.WebhookOutcome.Stored;
import dev.dovetable.core.webhooks.WebhookOutcome.Unrouted;
import dev.dovetable.core.webhooks.WebhookRoutes.Route;
import dev.dovetable.schema.errors.CrmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Brings pieces of webhook deliveries to where they belong. Immutable and thread-safe. */
final class WebhookIntake {
  private final WebhookRoutes routes;
  private final RouteMemory memory;
  private final UnroutedWebhooks unrouted;
  private final WebhookStores stores;

  WebhookIntake(
      WebhookRoutes routes, RouteMemory memory, UnroutedWebhooks unrouted, WebhookStores stores) {
    this.routes = routes;
    this.memory = memory;
    this.unrouted = unrouted;
    this.stores = stores;
  }

  /**
   * What became of pieces.
   *
   * @param lost those that are neither stored nor kept
   * @param kept those that are kept
   */
  record Result(WebhookReport report, List<WebhookPiece> lost, List<WebhookPiece> kept) {}

  private record Routed(WebhookPiece piece, Route route) {}

  /**
   * Stores and keeps. One round trip for all routes, or none if a single one is remembered; one or
   * two for each agent; one for all that is kept.
   *
   * @throws CrmException if there was something to do, and nothing could be done
   */
  Result take(List<WebhookPiece> pieces) {
    List<Placed> placed = place(pieces);
    Optional<CrmException> notKept = keep(placed);

    WebhookEntries entries = new WebhookEntries(notKept.isEmpty());
    placed.forEach(entries::add);
    // Of an agent's pieces, all have failed by the same exception.
    List<CrmException> failures =
        Stream.concat(placed.stream().flatMap(p -> failure(p).stream()), notKept.stream())
            .distinct()
            .toList();
    WebhookReport report = new WebhookReport(entries.all(), failures);
    if (!failures.isEmpty()
        && report.count(WebhookReport.Outcome.FAILED) == report.entries().size()) {
      failures.stream().skip(1).forEach(failures.get(0)::addSuppressed);
      throw failures.get(0);
    }
    List<WebhookPiece> toKeep = pieces(placed, p -> p.reasonToKeep().isPresent());
    return notKept.isPresent()
        ? new Result(report, pieces(placed, p -> true), List.of())
        : new Result(report, pieces(placed, p -> failure(p).isPresent()), toKeep);
  }

  private static List<WebhookPiece> pieces(List<Placed> placed, Predicate<Placed> which) {
    return placed.stream().filter(which).map(Placed::piece).toList();
  }

  private static Optional<CrmException> failure(Placed placed) {
    return placed.outcome() instanceof Failed failed
        ? Optional.of(failed.failure())
        : Optional.empty();
  }

  private List<Placed> place(List<WebhookPiece> pieces) {
    Set<String> numbers =
        pieces.stream()
            .filter(piece -> !piece.isEmpty())
            .flatMap(piece -> piece.phoneNumberId().stream())
            .collect(Collectors.toSet());
    return placeByMemory(pieces, numbers).orElseGet(() -> placeByLookUp(pieces, numbers));
  }

  /** Empty if there is no remembered route, or not any more; nothing is stored then. */
  private Optional<List<Placed>> placeByMemory(List<WebhookPiece> pieces, Set<String> numbers) {
    if (numbers.size() != 1 || !stores.canCheckRoutes()) {
      return Optional.empty();
    }
    String number = numbers.iterator().next();
    Optional<String> prefix = memory.prefixOf(number);
    if (prefix.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Route> remembered = Map.of(number, new Route.ToAgent(prefix.get(), true));
    List<Placed> placed = store(route(pieces, remembered), agent -> stores.ifRouted(agent, number));
    if (placed.stream().anyMatch(p -> p.reasonToKeep().equals(Optional.of(Reason.NO_AGENT)))) {
      memory.forget(number);
      return Optional.empty();
    }
    return Optional.of(placed);
  }

  private List<Placed> placeByLookUp(List<WebhookPiece> pieces, Set<String> numbers) {
    Map<String, Route> found = numbers.isEmpty() ? Map.of() : routes.find(numbers);
    found.forEach(
        (number, route) -> {
          if (route instanceof Route.ToAgent agent && agent.isPrepared()) {
            memory.remember(number, agent.prefix());
          }
        });
    return store(route(pieces, found), stores::of);
  }

  private static List<Routed> route(List<WebhookPiece> pieces, Map<String, Route> found) {
    return pieces.stream().map(piece -> new Routed(piece, route(piece, found))).toList();
  }

  private static Route route(WebhookPiece piece, Map<String, Route> found) {
    if (piece.isEmpty()) {
      return new Route.Nowhere(
          piece
              .part()
              .map(part -> isAboutMessages(part) ? Reason.NOT_UNDERSTOOD : Reason.NO_MESSAGES)
              .orElse(Reason.UNREADABLE));
    }
    Route unknown = new Route.Nowhere(Reason.UNKNOWN_NUMBER);
    return piece.phoneNumberId().map(number -> found.getOrDefault(number, unknown)).orElse(unknown);
  }

  private static boolean isAboutMessages(WebhookPart part) {
    return part.field().isEmpty() || part.field().equals("messages");
  }

  private List<Placed> store(List<Routed> routed, Function<String, WebhookStore> storeOf) {
    // In one order, because a transaction of the host's keeps the locks of all of them.
    Map<String, List<WebhookPart>> parts = new TreeMap<>();
    for (Routed each : routed) {
      if (each.route() instanceof Route.ToAgent agent && agent.isPrepared()) {
        parts
            .computeIfAbsent(agent.prefix(), prefix -> new ArrayList<>())
            .add(each.piece().part().orElseThrow());
      }
    }
    Map<String, WebhookOutcome> outcomes = new TreeMap<>();
    parts.forEach((prefix, its) -> outcomes.put(prefix, store(storeOf.apply(prefix), its)));
    return routed.stream()
        .map(
            each -> {
              if (each.route() instanceof Route.ToAgent agent) {
                WebhookOutcome outcome =
                    outcomes.computeIfAbsent(
                        agent.prefix(), prefix -> new Failed(storeOf.apply(prefix).missing()));
                return new Placed(each.piece(), Optional.of(agent.prefix()), outcome);
              }
              Reason reason = ((Route.Nowhere) each.route()).reason();
              return new Placed(each.piece(), Optional.empty(), new Unrouted(reason));
            })
        .toList();
  }

  private static WebhookOutcome store(WebhookStore store, List<WebhookPart> parts) {
    try {
      return new Stored(store.store(parts));
    } catch (UnknownAgentException e) {
      return new Unrouted(Reason.NO_AGENT);
    } catch (InvalidDataException e) {
      return new Unrouted(Reason.REFUSED);
    } catch (CrmException e) {
      return new Failed(e);
    }
  }

  private Optional<CrmException> keep(List<Placed> placed) {
    List<Kept> all =
        placed.stream()
            .flatMap(
                p ->
                    p.reasonToKeep().stream()
                        .map(
                            reason ->
                                new Kept(reason, p.piece().phoneNumberId(), p.piece().body())))
            .toList();
    if (all.isEmpty()) {
      return Optional.empty();
    }
    try {
      unrouted.keep(all);
      return Optional.empty();
    } catch (CrmException e) {
      return Optional.of(e);
    }
  }
}
