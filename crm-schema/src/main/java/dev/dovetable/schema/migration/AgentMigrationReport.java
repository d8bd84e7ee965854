package dev.dovetable.schema.migration;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a run of migrations did. Immutable and thread-safe.
 *
 * @param registered the versions that were new to the database, such as {@code appointments 2}
 * @param results the agents that were not up to date, in the order in which they were done
 * @param remaining how many agents were left, because the run was stopped
 * @param duration how long it took
 */
public record AgentMigrationReport(
    List<String> registered, List<Result> results, int remaining, Duration duration) {

  /** How it went with one agent. */
  public enum Status {
    /** It has all versions now. */
    MIGRATED,
    /** It is as it was; the others went on. */
    FAILED,
    /** It was deleted meanwhile. */
    DELETED
  }

  /**
   * One agent's part.
   *
   * @param agentId {@code agents.id}
   * @param prefix the agent's prefix
   * @param status how it went
   * @param versions how many versions it got
   * @param attempts how often it was tried, because somebody held a lock
   * @param duration from the first attempt to the end of the last one
   * @param error why it failed: SQLSTATE and the server's message; empty unless it did
   */
  public record Result(
      long agentId,
      String prefix,
      Status status,
      int versions,
      int attempts,
      Duration duration,
      Optional<String> error) {}

  /**
   * Copies the lists.
   *
   * @param registered the new versions
   * @param results one for each agent that was done
   * @param remaining how many were left
   * @param duration of the run
   */
  public AgentMigrationReport {
    registered = List.copyOf(registered);
    results = List.copyOf(results);
  }

  /**
   * The agents that failed.
   *
   * @return their results; empty if all went well
   */
  public List<Result> failures() {
    return results.stream().filter(result -> result.status() == Status.FAILED).toList();
  }

  /**
   * Whether every agent has everything now.
   *
   * @return true if none failed and none was left
   */
  public boolean isComplete() {
    return remaining == 0 && failures().isEmpty();
  }
}
