package dev.wacrm.core;

import dev.wacrm.schema.CrmException;
import org.jspecify.annotations.Nullable;

/** There is no such agent: there never was one, or it has been deleted. */
public final class UnknownAgentException extends CrmException {
  private static final long serialVersionUID = 1L;

  /** The agent's prefix. */
  private final String prefix;

  private UnknownAgentException(
      String prefix, String problem, String remedy, @Nullable Throwable cause) {
    super(problem, remedy, cause);
    this.prefix = prefix;
  }

  static UnknownAgentException neverSeen(String prefix) {
    return new UnknownAgentException(
        prefix,
        "There is no agent " + prefix + ".",
        "Check the prefix, or make the agent first: crm.agents().create(…).",
        null);
  }

  static UnknownAgentException deleted(String prefix, Throwable cause) {
    return new UnknownAgentException(
        prefix,
        "The agent " + prefix + " has been deleted, and its tables with it.",
        "Drop this scope. If the agent was made again, open it anew: crm.tenant(…).",
        cause);
  }

  /**
   * The prefix that no agent has.
   *
   * @return a well-formed prefix
   */
  public String prefix() {
    return prefix;
  }
}
