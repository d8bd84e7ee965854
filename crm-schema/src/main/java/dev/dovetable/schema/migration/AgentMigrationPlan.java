package dev.dovetable.schema.migration;

import java.util.List;

/**
 * What a run of migrations would do. Immutable and thread-safe.
 *
 * @param agents the prefixes of the agents that are not up to date, in the order in which they were
 *     made
 * @param sql what the first of them would get, with its own names; empty if there is none
 */
public record AgentMigrationPlan(List<String> agents, String sql) {

  /**
   * Copies the lists.
   *
   * @param agents the prefixes
   * @param sql for the first of them
   */
  public AgentMigrationPlan {
    agents = List.copyOf(agents);
  }
}
