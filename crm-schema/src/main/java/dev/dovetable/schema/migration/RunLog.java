package dev.dovetable.schema.migration;

import dev.dovetable.schema.internal.settings.Target;
import dev.dovetable.schema.migration.AgentMigrationReport.Result;
import org.slf4j.Logger;

/** What the operator reads of a run. */
final class RunLog {
  /** How many failed agents are named. */
  private static final int NAMED = 20;

  private RunLog() {}

  /**
   * One line at INFO, and at WARN what is to be mended.
   *
   * @param outdated how many agents the run was for
   */
  static void write(Logger log, Target target, int outdated, AgentMigrationReport report) {
    if (outdated == 0 && report.registered().isEmpty()) {
      log.debug("CRM schema {}: all agents are up to date", target.schema());
      return;
    }
    int failed = report.failures().size();
    log.info(
        "CRM schema {}: {} agents migrated, {} failed, {} left, in {} ms",
        target.schema(),
        report.results().size() - failed,
        failed,
        report.remaining(),
        report.duration().toMillis());
    for (Result failure : report.failures().subList(0, Math.min(failed, NAMED))) {
      log.warn(
          "CRM schema {}: agent {} failed, and is as it was: {}",
          target.schema(),
          failure.prefix(),
          failure.error().orElse(""));
    }
    if (failed > NAMED) {
      log.warn(
          "CRM schema {}: {} agents failed in all; the table {}.agent_failures says why",
          target.schema(),
          failed,
          target.privateSchema());
    }
  }
}
