package dev.dovetable.schema.fleet;

import java.util.List;

/**
 * What one database of a fleet has.
 *
 * @param nextId what the next agent gets
 * @param numbers those in use
 */
record FleetState(List<Agent> agents, long nextId, List<Number> numbers) {

  record Agent(long id, String prefix) {}

  record Number(String phoneNumberId, String prefix) {}

  /**
   * A row of the directory.
   *
   * @param isOld whether whoever reserved it has had time enough
   */
  record Place(String prefix, String database, String token, boolean isMade, boolean isOld) {}
}
