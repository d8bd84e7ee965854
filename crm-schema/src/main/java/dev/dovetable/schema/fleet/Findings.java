package dev.dovetable.schema.fleet;

import dev.dovetable.schema.fleet.DirectoryFinding.Code;
import dev.dovetable.schema.fleet.FleetDirectory.Correction;
import dev.dovetable.schema.fleet.FleetState.Agent;
import dev.dovetable.schema.fleet.FleetState.Place;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares a directory with the databases. */
final class Findings {
  private Findings() {}

  /**
   * What is wrong.
   *
   * @param unknown databases that couldn't be asked, of whose agents nothing is told
   */
  static List<DirectoryFinding> of(
      Map<String, FleetState> states,
      List<Place> places,
      Map<String, Long> numbers,
      Set<String> unknown) {
    List<DirectoryFinding> findings = new ArrayList<>();
    states.forEach((name, state) -> range(name, state, numbers).ifPresent(findings::add));
    Map<String, Set<String>> homes = homes(states);
    Map<String, Place> listed =
        places.stream().collect(Collectors.toMap(Place::prefix, Function.identity()));
    homes.forEach(
        (prefix, databases) ->
            place(prefix, databases, listed.get(prefix)).ifPresent(findings::add));
    for (Place place : places) {
      boolean isThere = homes.containsKey(place.prefix()) || unknown.contains(place.database());
      if (!isThere && place.isOld()) {
        Code code = place.isMade() ? Code.AGENT_MISSING : Code.RESERVATION_LEFT;
        findings.add(new DirectoryFinding(code, place.prefix(), place.database()));
      }
    }
    twice(
        states,
        Code.AGENT_ID_TWICE,
        (state, tell) ->
            state.agents().forEach(agent -> tell.accept(Long.toString(agent.id()), agent.prefix())),
        findings);
    twice(
        states,
        Code.NUMBER_TWICE,
        (state, tell) ->
            state.numbers().forEach(number -> tell.accept(number.phoneNumberId(), number.prefix())),
        findings);
    return List.copyOf(findings);
  }

  private static Optional<DirectoryFinding> range(
      String name, FleetState state, Map<String, Long> numbers) {
    Long number = numbers.get(name);
    if (number == null) {
      return Optional.of(new DirectoryFinding(Code.NOT_ENROLLED, name, name));
    }
    long first = number * FleetDirectory.IDS + 1;
    boolean isIn = state.nextId() >= first && state.nextId() < first + FleetDirectory.IDS;
    return isIn
        ? Optional.empty()
        : Optional.of(new DirectoryFinding(Code.IDS_OUT_OF_RANGE, name, name));
  }

  private static Optional<DirectoryFinding> place(
      String prefix, Set<String> databases, @Nullable Place place) {
    String where = String.join(", ", databases);
    if (databases.size() > 1) {
      return Optional.of(new DirectoryFinding(Code.PREFIX_TWICE, prefix, where));
    }
    if (place == null) {
      return Optional.of(new DirectoryFinding(Code.AGENT_NOT_LISTED, prefix, where));
    }
    return databases.contains(place.database())
        ? Optional.empty()
        : Optional.of(
            new DirectoryFinding(
                Code.AGENT_ELSEWHERE, prefix, where + ", not " + place.database()));
  }

  private static Map<String, Set<String>> homes(Map<String, FleetState> states) {
    Map<String, Set<String>> homes = new TreeMap<>();
    states.forEach(
        (name, state) -> {
          for (Agent agent : state.agents()) {
            homes.computeIfAbsent(agent.prefix(), prefix -> new TreeSet<>()).add(name);
          }
        });
    return homes;
  }

  /** One finding for each agent whose value another database has, too. */
  private static void twice(
      Map<String, FleetState> states,
      Code code,
      BiConsumer<FleetState, BiConsumer<String, String>> values,
      List<DirectoryFinding> findings) {
    Map<String, Map<String, String>> agents = new TreeMap<>();
    states.forEach(
        (name, state) ->
            values.accept(
                state,
                (value, prefix) ->
                    agents.computeIfAbsent(value, v -> new TreeMap<>()).put(name, prefix)));
    agents.values().stream()
        .filter(at -> at.size() > 1)
        .forEach(
            at ->
                findings.add(
                    new DirectoryFinding(
                        code,
                        at.values().iterator().next(),
                        at.entrySet().stream()
                            .map(each -> each.getKey() + " (" + each.getValue() + ")")
                            .collect(Collectors.joining(", ")))));
  }

  /** What is to be changed, of agents that are in one database alone. */
  static List<Correction> corrections(
      Map<String, FleetState> states, List<Place> places, Collection<String> all) {
    Map<String, Set<String>> homes = homes(states);
    List<Correction> corrections = new ArrayList<>();
    for (Place place : places) {
      Set<String> databases = homes.remove(place.prefix());
      Optional<String> token = Optional.of(place.token());
      if (databases == null) {
        boolean isKnown = states.containsKey(place.database()) || !all.contains(place.database());
        if (place.isOld() && isKnown && states.size() == all.size()) {
          corrections.add(new Correction(place.prefix(), Optional.empty(), token));
        }
      } else if (databases.size() == 1) {
        String database = databases.iterator().next();
        boolean isRight = database.equals(place.database()) && (place.isMade() || !place.isOld());
        if (!isRight && (place.isMade() || place.isOld())) {
          corrections.add(new Correction(place.prefix(), Optional.of(database), token));
        }
      }
    }
    homes.forEach(
        (prefix, databases) -> {
          if (databases.size() == 1) {
            corrections.add(
                new Correction(prefix, Optional.of(databases.iterator().next()), Optional.empty()));
          }
        });
    return corrections;
  }
}
