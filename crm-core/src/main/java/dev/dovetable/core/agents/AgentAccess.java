package dev.dovetable.core.agents;

/**
 * An agent that a user may open, and why. Immutable and thread-safe.
 *
 * @param agentId the agent's id
 * @param prefix the agent's prefix
 * @param as why
 */
public record AgentAccess(long agentId, String prefix, As as) {

  /** Why somebody may open an agent. */
  public enum As {
    /** It is their own: they work as this agent, and add and remove members. */
    OWNER,
    /** The agent's user, or an admin, has added them. */
    MEMBER
  }
}
