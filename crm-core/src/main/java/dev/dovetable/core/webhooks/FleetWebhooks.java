package dev.dovetable.core.webhooks;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.InvalidDataException;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.webhooks.FleetNumbers.Located;
import dev.dovetable.core.webhooks.FleetNumbers.Place;
import dev.dovetable.core.webhooks.Placement.Unrouted;
import dev.dovetable.core.webhooks.UnroutedWebhook.Reason;
import dev.dovetable.schema.errors.CrmException;
import dev.dovetable.schema.fleet.FleetReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What WhatsApp's Cloud API sends, for business numbers in several databases: each part of a body
 * is stored in the database whose agent has its number, as {@link Webhooks} does it there.
 *
 * <p>Whose a number is, each database knows for itself. They are asked at the same time, once; the
 * answer is remembered, and when the number isn't there any more, they are asked again. What leads
 * to no agent of any database is kept in the home of the fleet, news of no number as well.
 *
 * <p>Immutable and thread-safe.
 */
public final class FleetWebhooks {
  /** Of a number that may be in another database. */
  private static final Set<Reason> NOT_HERE =
      EnumSet.of(Reason.UNKNOWN_NUMBER, Reason.NO_AGENT, Reason.INACTIVE_CONFIGURATION);

  private final Map<String, List<Webhooks>> databases;
  private final Place home;
  private final FleetNumbers numbers;

  /** Which of so many pools an agent is bound to. */
  public interface Pool {

    /**
     * Its number.
     *
     * @param prefix the agent's prefix
     * @param pools how many there are
     * @return from 0 on
     */
    int of(String prefix, int pools);
  }

  /**
   * Internal: {@link dev.dovetable.core.CrmFleet#webhooks()} makes it.
   *
   * @param databases by name, one for each pool
   * @param home the name of the one that keeps what leads nowhere
   * @param pool which one an agent is bound to
   */
  public FleetWebhooks(Map<String, List<Webhooks>> databases, String home, Pool pool) {
    this.databases = databases;
    this.home = new Place(home, first(home));
    this.numbers = new FleetNumbers(databases, pool);
  }

  /**
   * Takes in a POST request, as {@link Webhooks#receive}: the signature is checked once, and the
   * parts of several databases are stored at the same time. If a database is down, its part has
   * failed, and so has what is for a number that is in none of the others: the answer is 500,
   * WhatsApp sends the body again, and what was stored is a duplicate then.
   *
   * <p>Round trips: as there, and one to each database for a number that was never met.
   *
   * @param body the request's body, byte by byte as it came
   * @param signatureHeader the header {@code X-Hub-Signature-256}; null if there is none
   * @return what became of it. Answer with {@link WebhookReport#httpStatus()}
   * @throws WebhookSignatureException if it isn't signed with one of the secrets; answer with 401
   * @throws InvalidDataException if it is too long; answer with 413
   * @throws RefusedException if no secret was set, or the agent lacks the tables of {@link
   *     Webhooks#extension()}
   * @throws DatabaseException if nothing could be stored or kept; answer with 500, and WhatsApp
   *     sends it again
   */
  public WebhookReport receive(byte[] body, @Nullable String signatureHeader) {
    return take(home.webhooks().verified(body, signatureHeader)).report();
  }

  /**
   * Answers the GET request by which WhatsApp verifies the webhook's address, as {@link
   * Webhooks#handshake}: all databases are asked at the same time.
   *
   * @param mode the parameter {@code hub.mode}
   * @param token the parameter {@code hub.verify_token}
   * @param challenge the parameter {@code hub.challenge}
   * @return the challenge, to be answered as plain text with status 200; empty for 403
   * @throws DatabaseException if no database knows the token, and some couldn't be asked
   */
  public Optional<String> handshake(
      @Nullable String mode, @Nullable String token, @Nullable String challenge) {
    FleetReport<Optional<String>> answers =
        FleetReport.of(databases.keySet(), name -> first(name).handshake(mode, token, challenge));
    Optional<String> found = answers.done().values().stream().flatMap(Optional::stream).findFirst();
    return found.isPresent()
        ? found
        : answers.orThrow().values().stream().flatMap(Optional::stream).findFirst();
  }

  /**
   * The webhooks of one database: what is kept there, and its news.
   *
   * @param database the database's name
   * @return its webhooks
   * @throws RefusedException if there is none ({@link RefusedException.Reason#UNKNOWN_DATABASE})
   */
  public Webhooks of(String database) {
    if (!databases.containsKey(requireNonNull(database, "database"))) {
      throw new RefusedException(
          RefusedException.Reason.UNKNOWN_DATABASE,
          "The fleet has no database " + database + ".",
          "It has " + databases.keySet() + ".");
    }
    return first(database);
  }

  /**
   * Takes in once more what is kept in the home of the fleet, as {@link Webhooks#replay}, wherever
   * its numbers are by now.
   *
   * @param ids ids of {@link UnroutedWebhook}s there; those that are there no longer are passed
   *     over
   * @return what became of them
   */
  public WebhookReport replay(Collection<Long> ids) {
    List<UnroutedWebhooks.Found> found = home.webhooks().found(ids);
    TakenChanges taken = take(home.webhooks().changes(found));
    home.webhooks().remove(taken.settled(found));
    return taken.report();
  }

  private Webhooks first(String database) {
    return requireNonNull(databases.get(database)).get(0);
  }

  private TakenChanges take(List<ReceivedChange> received) {
    Set<String> all = numbersOf(received);
    Map<String, Place> remembered = numbers.remembered(all);
    all.removeAll(remembered.keySet());
    Located located = numbers.locate(all);
    Map<String, Place> places = new LinkedHashMap<>(remembered);
    places.putAll(located.places());
    return TakenChanges.of(
        received, store(received, places, remembered.keySet(), located.missing()));
  }

  private static Set<String> numbersOf(List<ReceivedChange> received) {
    return received.stream()
        .flatMap(one -> one.phoneNumberId().stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /**
   * Stores and keeps.
   *
   * @param remembered numbers that may be elsewhere by now
   * @param missing why a number that has no place may have one
   */
  private List<TakenChanges.Part> store(
      List<ReceivedChange> received,
      Map<String, Place> places,
      Set<String> remembered,
      Optional<CrmException> missing) {
    List<ReceivedChange> lost = new ArrayList<>();
    Map<Place, List<ReceivedChange>> groups = new LinkedHashMap<>();
    for (ReceivedChange one : received) {
      Optional<Place> place = one.phoneNumberId().map(places::get);
      boolean isAnybodys = !one.isEmpty() && one.phoneNumberId().isPresent();
      if (place.isEmpty() && missing.isPresent() && isAnybodys) {
        lost.add(one);
      } else {
        groups.computeIfAbsent(place.orElse(home), p -> new ArrayList<>()).add(one);
      }
    }
    List<TakenChanges.Part> parts = new ArrayList<>();
    if (!lost.isEmpty()) {
      parts.add(TakenChanges.Part.failed(lost, missing.orElseThrow()));
    }
    List<Map.Entry<Place, List<ReceivedChange>>> all = List.copyOf(groups.entrySet());
    atOnce(all.size(), at -> store(all.get(at).getKey(), all.get(at).getValue(), remembered))
        .forEach(parts::addAll);
    return parts;
  }

  /** Threads are for bodies that go to several databases. */
  private static <T> Collection<T> atOnce(int size, Function<Integer, T> work) {
    return size == 1
        ? List.of(work.apply(0))
        : FleetReport.of(
                IntStream.range(0, size).mapToObj(Integer::toString).toList(),
                at -> work.apply(Integer.valueOf(at)))
            .orThrow()
            .values();
  }

  private List<TakenChanges.Part> store(
      Place place, List<ReceivedChange> received, Set<String> remembered) {
    List<TakenChanges.Part> parts = new ArrayList<>();
    try {
      WebhookIntake intake = place.webhooks().intake();
      List<PlacedChange> placed = intake.place(received);
      List<PlacedChange> strays = placed.stream().filter(one -> isStray(one, remembered)).toList();
      List<PlacedChange> rest = placed.stream().filter(one -> !strays.contains(one)).toList();
      if (!rest.isEmpty()) {
        parts.add(intake.settle(rest).in(place.database()));
      }
      if (!strays.isEmpty()) {
        // Nothing of them is stored or kept.
        parts.addAll(again(strays.stream().map(PlacedChange::received).toList()));
      }
      return parts;
    } catch (CrmException e) {
      return List.of(TakenChanges.Part.failed(received, FleetNumbers.in(place.database(), e)));
    }
  }

  private static boolean isStray(PlacedChange placed, Set<String> remembered) {
    return placed.placement() instanceof Unrouted unrouted
        && NOT_HERE.contains(unrouted.reason())
        && placed.received().phoneNumberId().map(remembered::contains).orElse(false);
  }

  private List<TakenChanges.Part> again(List<ReceivedChange> strays) {
    Set<String> those = numbersOf(strays);
    numbers.forget(those);
    Located located = numbers.locate(those);
    return store(strays, located.places(), Set.of(), located.missing());
  }
}
