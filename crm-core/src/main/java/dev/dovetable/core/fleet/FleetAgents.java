package dev.dovetable.core.fleet;

import static java.util.Objects.requireNonNull;

import dev.dovetable.core.agents.Agent;
import dev.dovetable.core.agents.AgentAccess;
import dev.dovetable.core.agents.AgentRepository;
import dev.dovetable.core.common.AccessDeniedException;
import dev.dovetable.core.common.DatabaseException;
import dev.dovetable.core.common.RefusedException;
import dev.dovetable.core.internal.sql.Prefixes;
import dev.dovetable.schema.errors.CrmException;
import dev.dovetable.schema.fleet.FleetReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;

/**
 * The agents of several databases, as one actor sees them. What is about one agent is done in its
 * database; nothing is one transaction with the directory, so each step leaves what the next one
 * can go on from.
 *
 * <p>Immutable and thread-safe.
 */
public final class FleetAgents {
  /** Longer than making an agent is tried. */
  private static final Duration TIME_TO_MAKE = Duration.ofMinutes(5);

  private final AgentPlaces places;
  private final Collection<String> databases;
  private final BiFunction<String, String, AgentRepository> repositories;

  /**
   * Internal: {@link dev.dovetable.core.FleetScope#agents()} makes it.
   *
   * @param places where agents are
   * @param databases the names of all
   * @param repositories of a database, for the agent with a prefix
   */
  public FleetAgents(
      AgentPlaces places,
      Collection<String> databases,
      BiFunction<String, String, AgentRepository> repositories) {
    this.places = places;
    this.databases = databases;
    this.repositories = repositories;
  }

  /**
   * Makes an agent in a database that the caller chooses: one with few agents, as a rule. For the
   * service, and for admins of that database in their own name.
   *
   * <p>The prefix is reserved in the directory first, so of those who make it at the same time, in
   * whatever databases, one does. If the application ends in the middle, the reservation stays:
   * five minutes later whoever makes the agent again, anywhere, takes it over, and the owner's
   * {@code FleetDirectory.enrol()} releases it. Four round trips: two to the directory, one that
   * finds the database down before anything is reserved, and that of {@link
   * AgentRepository#create}.
   *
   * @param database the database's name
   * @param userId the user who works as this agent; a row of {@code users} in that database
   * @param prefix what the names of its tables begin with, in no other database either
   * @param createdBy the user who makes the agent; a row of {@code users} in that database
   * @return the agent
   * @throws RefusedException as {@link AgentRepository#create}; if the prefix is reserved or taken
   *     in another database, {@link RefusedException.Reason#PREFIX_TAKEN}; if there is no database
   *     with that name, {@link RefusedException.Reason#UNKNOWN_DATABASE}
   * @throws AccessDeniedException if the actor may not make agents
   */
  public Agent create(String database, UUID userId, String prefix, UUID createdBy) {
    requireNonNull(userId, "userId");
    requireNonNull(createdBy, "createdBy");
    AgentRepository agents = repositories.apply(database, Prefixes.require(prefix));
    agents.findByPrefix(prefix); // for the exception, if the database is down
    AgentPlace reserved = reserve(prefix, database);
    Agent made;
    try {
      made = agents.create(userId, prefix, createdBy);
    } catch (CrmException e) {
      if (isTaken(e)) {
        confirm(reserved); // it was made past the fleet, and is listed now
      } else if (!mayBeDone(e)) {
        places.directory().remove(reserved);
      }
      throw e;
    }
    if (!confirm(reserved)) {
      agents.delete(made.id());
      throw taken(prefix);
    }
    return made;
  }

  private static boolean isTaken(CrmException failure) {
    return failure instanceof RefusedException refused
        && refused.reason() == RefusedException.Reason.PREFIX_TAKEN;
  }

  /** Whether the connection broke, or was ended, at a moment when that isn't known. */
  private static boolean mayBeDone(CrmException failure) {
    return failure instanceof DatabaseException e
        && switch (e.kind()) {
          case NO_CONNECTION, LOGIN_REFUSED, LOCK_TIMEOUT, DEADLOCK, NOT_INSTALLED, READ_ONLY ->
              false;
          default -> true;
        };
  }

  private AgentPlace reserve(String prefix, String database) {
    AgentPlace wanted = AgentPlace.now(prefix, database, false);
    if (places.directory().add(wanted)) {
      return wanted;
    }
    Optional<AgentPlace> present = places.directory().find(prefix);
    boolean isOurs =
        present.isEmpty()
            ? places.directory().add(wanted)
            : isLeft(present.get()) && places.directory().replace(present.get(), wanted);
    if (!isOurs) {
      throw taken(prefix);
    }
    return wanted;
  }

  /** Whether an entry leads nowhere, and nobody is about to change that. */
  private boolean isLeft(AgentPlace place) {
    boolean isOld = place.since().isBefore(Instant.now().minus(TIME_TO_MAKE));
    if (!databases.contains(place.database()) || !place.made() && !isOld) {
      return false;
    }
    boolean isThere =
        repositories
            .apply(place.database(), place.prefix())
            .findByPrefix(place.prefix())
            .isPresent();
    if (isThere && !place.made()) {
      confirm(place);
    }
    return !isThere;
  }

  /** False if somebody else has taken the prefix over. */
  private boolean confirm(AgentPlace reserved) {
    boolean isOurs =
        places
                .directory()
                .replace(reserved, AgentPlace.now(reserved.prefix(), reserved.database(), true))
            || places
                .directory()
                .find(reserved.prefix())
                .filter(place -> place.made() && place.database().equals(reserved.database()))
                .isPresent();
    places.ask(reserved.prefix());
    return isOurs;
  }

  private static RefusedException taken(String prefix) {
    return new RefusedException(
        RefusedException.Reason.PREFIX_TAKEN,
        "The prefix " + prefix + " belongs to another agent, or one is being made.",
        "Choose another prefix, or open that agent: fleet.as(…).tenant(\"" + prefix + "\").");
  }

  /**
   * The agent with a prefix, wherever it is.
   *
   * @param prefix the prefix
   * @return the agent; empty if there is none
   * @throws RefusedException if the prefix is malformed; nothing was sent
   */
  public Optional<Agent> findByPrefix(String prefix) {
    Prefixes.require(prefix);
    Optional<String> first = places.known(prefix).or(() -> places.ask(prefix));
    if (first.isEmpty()) {
      return Optional.empty();
    }
    Optional<Agent> found = repositories.apply(first.get(), prefix).findByPrefix(prefix);
    return found.isPresent()
        ? found
        : places
            .ask(prefix)
            .filter(second -> !second.equals(first.get()))
            .flatMap(second -> repositories.apply(second, prefix).findByPrefix(prefix));
  }

  /**
   * Deletes an agent with all its data, as {@link AgentRepository#delete}, and takes it out of the
   * directory. If the application ends in between, the prefix can be taken all the same.
   *
   * @param prefix the agent's prefix
   * @return whether there was one
   * @throws RefusedException if the prefix is malformed; nothing was sent
   */
  public boolean delete(String prefix) {
    Optional<AgentPlace> place = places.directory().find(Prefixes.require(prefix));
    if (place.isEmpty()) {
      places.forget(prefix);
      return false;
    }
    AgentRepository agents = repositories.apply(place.get().database(), prefix);
    boolean isDeleted =
        agents.findByPrefix(prefix).map(agent -> agents.delete(agent.id())).orElse(false);
    if (place.get().made() || isDeleted) {
      places.directory().remove(place.get());
    }
    places.forget(prefix);
    return isDeleted;
  }

  /**
   * The agents that a user may open, as {@link AgentRepository#of}, asked of all databases at the
   * same time: a user is a row in each database where they have an agent, with the same id.
   *
   * @param userId the user's id
   * @return the agents by database; what couldn't be asked, or has refused, is told apart ({@link
   *     FleetReport#failed}): an admin of some databases is refused by the others
   */
  public FleetReport<List<AgentAccess>> of(UUID userId) {
    requireNonNull(userId, "userId");
    return FleetReport.of(databases, database -> repositories.apply(database, "").of(userId));
  }
}
