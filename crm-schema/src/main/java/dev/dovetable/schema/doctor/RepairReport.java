package dev.dovetable.schema.doctor;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What {@link CrmDoctor#repair} did. Immutable and thread-safe.
 *
 * @param results one for each finding that could be repaired
 * @param duration how long it took
 */
public record RepairReport(List<Result> results, Duration duration) {

  /** How it went with one finding. */
  public enum Outcome {
    /** Its statements were run and committed. */
    REPAIRED,
    /** It is as it was; the others went on. */
    FAILED,
    /** When it was looked at again, it was not there any more, or was another one. */
    GONE
  }

  /**
   * One finding's part.
   *
   * @param finding the finding, as the report had it
   * @param outcome how it went
   * @param error why it failed: SQLSTATE and the server's message; empty unless it did
   */
  public record Result(Finding finding, Outcome outcome, Optional<String> error) {}

  /**
   * Copies the list.
   *
   * @param results one for each finding
   * @param duration how long it took
   */
  public RepairReport {
    results = List.copyOf(results);
  }

  /**
   * The findings that could not be repaired.
   *
   * @return their results; empty if all went well
   */
  public List<Result> failures() {
    return results.stream().filter(result -> result.outcome() == Outcome.FAILED).toList();
  }
}
