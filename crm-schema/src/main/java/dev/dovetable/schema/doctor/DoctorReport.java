package dev.dovetable.schema.doctor;

import static java.util.Objects.requireNonNull;

import dev.dovetable.schema.doctor.Finding.Severity;
import java.time.Duration;
import java.util.List;

/**
 * What {@link CrmDoctor#examine} found. Immutable and thread-safe.
 *
 * @param schema the schema that was examined
 * @param findings all that is not as it should be: the installation first, then agent by agent
 * @param capacity how large it is, against what the server allows
 * @param duration how long it took
 */
public record DoctorReport(
    String schema, List<Finding> findings, Capacity capacity, Duration duration) {

  /**
   * Checks that nothing is null and copies the list.
   *
   * @param schema the schema
   * @param findings what was found
   * @param capacity how large it is
   * @param duration how long it took
   */
  public DoctorReport {
    requireNonNull(schema, "schema");
    findings = List.copyOf(findings);
    requireNonNull(capacity, "capacity");
    requireNonNull(duration, "duration");
  }

  /**
   * Whether nothing has to be done.
   *
   * @return true if all findings are of severity {@link Severity#INFO}, or there are none
   */
  public boolean isHealthy() {
    return findings.stream().allMatch(finding -> finding.severity() == Severity.INFO);
  }

  /**
   * What {@link CrmDoctor#repair} would see to.
   *
   * @return the findings that hold statements
   */
  public List<Finding> repairable() {
    return findings.stream().filter(Finding::isRepairable).toList();
  }
}
