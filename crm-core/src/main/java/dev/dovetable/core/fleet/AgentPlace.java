package dev.dovetable.core.fleet;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.UUID;

/**
 * In which database an agent is, or is to be made. Immutable and thread-safe.
 *
 * @param prefix the agent's prefix
 * @param database the database's name
 * @param token another one whenever the entry is written, so that who has read an older one changes
 *     nothing
 * @param made whether the agent was there; else the prefix is reserved for it
 * @param since when the entry was written
 */
public record AgentPlace(String prefix, String database, UUID token, boolean made, Instant since) {

  /**
   * Checks that nothing is null.
   *
   * @param prefix the agent's prefix
   * @param database the database's name
   * @param token of the entry
   * @param made whether the agent was there
   * @param since when the entry was written
   */
  public AgentPlace {
    requireNonNull(prefix, "prefix");
    requireNonNull(database, "database");
    requireNonNull(token, "token");
    requireNonNull(since, "since");
  }

  /**
   * An entry that is written now.
   *
   * @param prefix the agent's prefix
   * @param database the database's name
   * @param made whether the agent is there; else the prefix is reserved for it
   * @return the entry, with a token of its own
   */
  public static AgentPlace now(String prefix, String database, boolean made) {
    return new AgentPlace(prefix, database, UUID.randomUUID(), made, Instant.now());
  }
}
