package dev.dovetable.schema.fleet;

import static java.util.Objects.requireNonNull;

/**
 * Something about several databases that isn't as it should be. Immutable and thread-safe.
 *
 * @param code what it is
 * @param subject the agent's prefix, or of the first two codes the database's name
 * @param databases where, by name, as a list for people
 */
public record DirectoryFinding(Code code, String subject, String databases) {

  /** What is wrong. New codes may be added. */
  public enum Code {
    /**
     * The database has no part of the ids of agents yet; {@link FleetDirectory#enrol()} gives it
     * one.
     */
    NOT_ENROLLED(true),
    /** The next agent there would get an id of another database; enrolling mends it. */
    IDS_OUT_OF_RANGE(true),
    /** An agent is there, and the directory doesn't know it; enrolling mends it. */
    AGENT_NOT_LISTED(true),
    /** The agent is in another database than the directory says; enrolling mends it. */
    AGENT_ELSEWHERE(true),
    /** The directory lists an agent that isn't there; enrolling takes it out. */
    AGENT_MISSING(true),
    /**
     * A prefix has been reserved for some minutes, and there is no agent; enrolling releases it.
     */
    RESERVATION_LEFT(true),
    /** Two databases have an agent with this prefix. One of them has to be deleted, by hand. */
    PREFIX_TWICE(false),
    /** The agent has the id of one in another database: neither can move there with its id. */
    AGENT_ID_TWICE(false),
    /** A business number of the agent is in use in another database, too: remove one of them. */
    NUMBER_TWICE(false);

    private final boolean mendable;

    Code(boolean mendable) {
      this.mendable = mendable;
    }

    /**
     * Whether {@link FleetDirectory#enrol()} mends it.
     *
     * @return true if it does
     */
    public boolean isMendable() {
      return mendable;
    }
  }

  /**
   * Checks that nothing is null.
   *
   * @param code what it is
   * @param subject an agent's prefix, or a database's name
   * @param databases where
   */
  public DirectoryFinding {
    requireNonNull(code, "code");
    requireNonNull(subject, "subject");
    requireNonNull(databases, "databases");
  }
}
