package dev.dovetable.core.webhooks;

import dev.dovetable.core.common.CrmObserver;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.UnknownAgentException;
import dev.dovetable.core.internal.connection.Observed;
import dev.dovetable.core.internal.payload.WebhookChange;
import dev.dovetable.core.webhooks.Placement.Failed;
import dev.dovetable.core.webhooks.Placement.OnlyNews;
import dev.dovetable.core.webhooks.Placement.Stored;
import dev.dovetable.core.webhooks.Placement.Unrouted;
import dev.dovetable.core.webhooks.UnroutedWebhook.Reason;
import dev.dovetable.core.webhooks.UnroutedWebhooks.Kept;
import dev.dovetable.core.webhooks.WebhookRoutes.Route;
import dev.dovetable.schema.errors.CrmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the changes that callbacks tell of to where they belong. Immutable and thread-safe. */
final class WebhookIntake {
  private static final Logger log = LoggerFactory.getLogger(Webhooks.class);

  private final WebhookRoutes routes;
  private final RouteMemory memory;
  private final UnroutedWebhooks unrouted;
  private final NewsIntake news;
  private final WebhookStores stores;
  private final CrmObserver observer;

  WebhookIntake(
      WebhookRoutes routes,
      RouteMemory memory,
      UnroutedWebhooks unrouted,
      NewsIntake news,
      WebhookStores stores,
      CrmObserver observer) {
    this.routes = routes;
    this.memory = memory;
    this.unrouted = unrouted;
    this.news = news;
    this.stores = stores;
    this.observer = observer;
  }

  private record RoutedChange(ReceivedChange received, Route route) {}

  /**
   * Stores and keeps. One round trip for all routes, or none if a single one is remembered; one or
   * two for each agent; one for all that is kept, and one for all news.
   *
   * @throws CrmException if there was something to do, and nothing could be done
   */
  TakenChanges take(List<ReceivedChange> received) {
    return TakenChanges.of(received, List.of(settle(place(received))));
  }

  /** Keeps what has no place, and all news. */
  TakenChanges.Part settle(List<PlacedChange> placed) {
    TakenChanges.Part part = new TakenChanges.Part(placed, keep(placed), news.keep(placed));
    if (observer != CrmObserver.NONE) {
      part.results().forEach(this::tell);
    }
    return part;
  }

  private void tell(WebhookReport.Result result) {
    String outcome = result.outcome().name().toLowerCase(Locale.ROOT);
    Observed.safely(() -> observer.onReceived(outcome, result.kind().orElse("none")));
  }

  /** Whose numbers these are, if anybody's. */
  Map<String, Route> find(Collection<String> numbers) {
    return routes.find(numbers);
  }

  /** Stores what has a place. */
  List<PlacedChange> place(List<ReceivedChange> received) {
    Set<String> numbers =
        received.stream()
            .filter(one -> !one.isEmpty())
            .flatMap(one -> one.phoneNumberId().stream())
            .collect(Collectors.toSet());
    return placeByMemory(received, numbers).orElseGet(() -> placeByLookUp(received, numbers));
  }

  /** Empty if there is no remembered route, or not any more; nothing is stored then. */
  private Optional<List<PlacedChange>> placeByMemory(
      List<ReceivedChange> received, Set<String> numbers) {
    // Whose a number was when something came is looked up.
    boolean isReplay = received.stream().anyMatch(one -> one.origin().isPresent());
    if (isReplay || numbers.size() != 1 || !stores.canCheckRoutes()) {
      return Optional.empty();
    }
    String number = numbers.iterator().next();
    Optional<String> prefix = memory.prefixOf(number);
    if (prefix.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Route> remembered =
        Map.of(number, new Route.ToAgent(prefix.get(), true, Optional.empty()));
    List<PlacedChange> placed =
        store(route(received, remembered), agent -> stores.ifRouted(agent, number));
    if (placed.stream().anyMatch(p -> p.reasonToKeep().equals(Optional.of(Reason.NO_AGENT)))) {
      memory.forget(number);
      return Optional.empty();
    }
    return Optional.of(placed);
  }

  private List<PlacedChange> placeByLookUp(List<ReceivedChange> received, Set<String> numbers) {
    Map<String, Route> found = numbers.isEmpty() ? Map.of() : routes.find(numbers);
    found.forEach(
        (number, route) -> {
          if (route instanceof Route.ToAgent agent && agent.isPrepared()) {
            memory.remember(number, agent.prefix());
          }
        });
    return store(route(received, found), stores::of);
  }

  private static List<RoutedChange> route(List<ReceivedChange> received, Map<String, Route> found) {
    return received.stream().map(one -> new RoutedChange(one, route(one, found))).toList();
  }

  private static Route route(ReceivedChange received, Map<String, Route> found) {
    if (received.isEmpty() && received.hasNews()) {
      return new Route.News();
    }
    if (received.isEmpty()) {
      return new Route.Nowhere(
          received.change().isPresent() ? Reason.NOT_UNDERSTOOD : Reason.UNREADABLE);
    }
    Route unknown = new Route.Nowhere(Reason.UNKNOWN_NUMBER);
    Route now =
        received.phoneNumberId().map(number -> found.getOrDefault(number, unknown)).orElse(unknown);
    boolean isForIt =
        !(now instanceof Route.ToAgent agent)
            || agent.holding().map(h -> received.isFor(h.agentId(), h.since())).orElse(true);
    return isForIt ? now : new Route.Nowhere(Reason.NUMBER_MOVED);
  }

  private List<PlacedChange> store(
      List<RoutedChange> routed, Function<String, WebhookStore> storeOf) {
    // In one order, because a transaction of the host's keeps the locks of all of them.
    Map<String, List<WebhookChange>> changes = new TreeMap<>();
    for (RoutedChange each : routed) {
      if (each.route() instanceof Route.ToAgent agent && agent.isPrepared()) {
        changes
            .computeIfAbsent(agent.prefix(), prefix -> new ArrayList<>())
            .add(each.received().change().orElseThrow());
      }
    }
    Map<String, Placement> placements = new TreeMap<>();
    changes.forEach((prefix, its) -> placements.put(prefix, store(storeOf.apply(prefix), its)));
    return routed.stream()
        .map(
            each -> {
              if (each.route() instanceof Route.ToAgent agent) {
                Placement placement =
                    placements.computeIfAbsent(
                        agent.prefix(), prefix -> new Failed(storeOf.apply(prefix).missing()));
                return new PlacedChange(each.received(), Optional.of(agent.prefix()), placement);
              }
              return new PlacedChange(
                  each.received(),
                  Optional.empty(),
                  each.route() instanceof Route.Nowhere nowhere
                      ? new Unrouted(nowhere.reason())
                      : new OnlyNews());
            })
        .toList();
  }

  private static Placement store(WebhookStore store, List<WebhookChange> changes) {
    try {
      return new Stored(store.store(changes));
    } catch (UnknownAgentException e) {
      return new Unrouted(Reason.NO_AGENT);
    } catch (InvalidDataException e) {
      return new Unrouted(Reason.REFUSED);
    } catch (CrmException e) {
      return new Failed(e);
    }
  }

  private Optional<CrmException> keep(List<PlacedChange> placed) {
    List<Kept> all =
        placed.stream()
            .flatMap(
                p ->
                    p.reasonToKeep().stream()
                        .map(
                            reason ->
                                new Kept(
                                    reason,
                                    p.received().phoneNumberId(),
                                    p.received().raw(),
                                    p.received().origin())))
            .toList();
    if (all.isEmpty()) {
      return Optional.empty();
    }
    try {
      unrouted.keep(all);
      warn(all);
      return Optional.empty();
    } catch (CrmException e) {
      return Optional.of(e);
    }
  }

  /** WhatsApp is answered that all is well, so nobody hears of it unless somebody looks. */
  private static void warn(List<Kept> all) {
    String reasons =
        all.stream()
            .collect(Collectors.groupingBy(Kept::reason, TreeMap::new, Collectors.counting()))
            .entrySet()
            .stream()
            .map(each -> each.getKey() + " " + each.getValue())
            .collect(Collectors.joining(", "));
    log.warn(
        "Of a callback, {} led to no agent or was not understood, and is kept ({});"
            + " crm.webhooks().unrouted(...) lists it",
        all.size() == 1 ? "a part" : all.size() + " parts",
        reasons);
  }
}
