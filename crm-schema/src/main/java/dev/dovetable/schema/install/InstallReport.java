package dev.dovetable.schema.install;

import static java.util.Objects.requireNonNull;

import dev.dovetable.schema.migration.AgentMigrationReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What an installation did, and what it could not do. Immutable and thread-safe.
 *
 * @param outcome what was done
 * @param schema the schema that holds the tables
 * @param previousVersion the version that was found; empty if nothing was there
 * @param version the version that is installed now
 * @param steps the files that were run, in order; empty for {@link Outcome#ALREADY_CURRENT}
 * @param notes what could not be done, or was found and left as it was
 * @param agents how the tables of agents made by an older version were brought up to date; empty if
 *     there were none, or if it was done in the transaction of a connection of the caller's
 */
public record InstallReport(
    Outcome outcome,
    String schema,
    Optional<Integer> previousVersion,
    int version,
    List<Step> steps,
    List<Note> notes,
    Optional<AgentMigrationReport> agents) {

  /** What was done. */
  public enum Outcome {
    /** There was nothing; now there is all. */
    INSTALLED,
    /** An older installation was brought up to date, or the agents that were left to do. */
    UPGRADED,
    /** A current installation made by psql was given its history. */
    ADOPTED,
    /** A current installation had lost objects; they were created again. */
    REPAIRED,
    /** All was there; no file was run. At most, the login role was made a member. */
    ALREADY_CURRENT
  }

  /**
   * A file that was run.
   *
   * @param script its path below {@code crm/database}
   * @param duration how long it took
   */
  public record Step(String script, Duration duration) {}

  /**
   * Something that the operator of the database should know.
   *
   * @param finding what was found
   * @param consequence what that means
   * @param statement the SQL that changes it, to be run by a role that may; empty where nothing
   *     needs to be done
   */
  public record Note(String finding, String consequence, Optional<String> statement) {
    /**
     * The note as a log shows it.
     *
     * @return one line, the statement last
     */
    @Override
    public String toString() {
      return finding
          + " "
          + consequence
          + statement.map(sql -> " To change it: " + sql + ";").orElse("");
    }
  }

  /**
   * Checks that nothing is null and copies the lists.
   *
   * @param outcome what was done
   * @param schema the schema that holds the tables
   * @param previousVersion the version that was found
   * @param version the version that is installed now
   * @param steps the files that were run
   * @param notes what could not be done
   * @param agents how agents' tables were brought up to date
   */
  public InstallReport {
    requireNonNull(outcome, "outcome");
    requireNonNull(schema, "schema");
    requireNonNull(previousVersion, "previousVersion");
    requireNonNull(agents, "agents");
    steps = List.copyOf(steps);
    notes = List.copyOf(notes);
  }

  /**
   * The time that all files took together.
   *
   * @return the sum of the steps; zero if nothing was run
   */
  public Duration duration() {
    return steps.stream().map(Step::duration).reduce(Duration.ZERO, Duration::plus);
  }
}
