package dev.dovetable.core.fleet;

import dev.dovetable.core.common.UnknownAgentException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Internal: what is known of where agents are. Thread-safe.
 *
 * @hidden
 */
public final class AgentPlaces {
  private final AgentDirectory directory;

  /** By prefix; an agent that turns out not to be there is asked for again. */
  private final Map<String, String> known = new ConcurrentHashMap<>();

  /**
   * With nothing known yet.
   *
   * @param directory knows it all
   */
  public AgentPlaces(AgentDirectory directory) {
    this.directory = directory;
  }

  /**
   * Who knows it all.
   *
   * @return the directory
   */
  public AgentDirectory directory() {
    return directory;
  }

  /**
   * Where an agent is, as far as is known. No round trip, or one of the directory's.
   *
   * @param prefix the agent's prefix
   * @return the database's name
   * @throws UnknownAgentException if the directory has no such agent
   */
  public String databaseOf(String prefix) {
    return known(prefix)
        .or(() -> ask(prefix))
        .orElseThrow(() -> new UnknownAgentException(prefix, null));
  }

  /** Without asking. */
  Optional<String> known(String prefix) {
    return Optional.ofNullable(known.get(prefix));
  }

  /**
   * Asks the directory anew.
   *
   * @param prefix the agent's prefix
   * @return the database's name; empty if there is no such agent
   */
  public Optional<String> ask(String prefix) {
    Optional<String> found = directory.find(prefix).map(AgentPlace::database);
    found.ifPresentOrElse(database -> known.put(prefix, database), () -> known.remove(prefix));
    return found;
  }

  /** An agent is there no longer. */
  void forget(String prefix) {
    known.remove(prefix);
  }
}
