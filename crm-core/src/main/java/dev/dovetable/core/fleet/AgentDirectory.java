package dev.dovetable.core.fleet;

import dev.dovetable.core.common.DatabaseException;
import java.util.List;
import java.util.Optional;

/**
 * Which of several databases each agent is in. {@link dev.dovetable.core.CrmFleet} asks it once for
 * each agent and remembers the answer, and asks again when the agent isn't there. What isn't made
 * by the application is a table in one of the databases.
 *
 * <p>A host's own has to be thread-safe, and each method atomic: of two that write an entry at the
 * same time, one is told that it hasn't. If it can't be reached, a {@link DatabaseException} says
 * so best; agents that are remembered go on meanwhile.
 */
public interface AgentDirectory {

  /**
   * Where an agent is.
   *
   * @param prefix the agent's prefix
   * @return the entry; empty if there is none
   */
  Optional<AgentPlace> find(String prefix);

  /**
   * Makes an entry, if there is none for the prefix.
   *
   * @param place the entry
   * @return whether it was made
   */
  boolean add(AgentPlace place);

  /**
   * Puts an entry in the place of another one, if that is still there.
   *
   * @param present as it was read
   * @param next for the same prefix
   * @return whether it was replaced
   */
  boolean replace(AgentPlace present, AgentPlace next);

  /**
   * Removes an entry, if it is still there.
   *
   * @param present as it was read
   * @return whether it was removed
   */
  boolean remove(AgentPlace present);

  /**
   * Entries in the order of their prefixes, byte by byte.
   *
   * @param after the prefix behind which it begins; the empty text for the beginning
   * @param limit how many at most
   * @return the entries; fewer than the limit at the end
   */
  List<AgentPlace> list(String after, int limit);
}
