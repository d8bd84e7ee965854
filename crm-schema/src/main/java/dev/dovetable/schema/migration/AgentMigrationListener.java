package dev.dovetable.schema.migration;

/** Hears of the progress of a run. Called by several threads, one at a time. */
@FunctionalInterface
public interface AgentMigrationListener {

  /**
   * An agent is done. What this throws ends the run, after the transactions in flight.
   *
   * @param result how it went
   * @param done how many agents are done, this one among them
   * @param total how many were not up to date when the run began
   */
  void done(AgentMigrationReport.Result result, int done, int total);
}
