package dev.dovetable.schema.fleet;

import dev.dovetable.schema.errors.CrmException;
import java.util.List;
import java.util.Map;

/**
 * What is wrong between the databases of a fleet, or was and is mended. Immutable and thread-safe.
 *
 * @param findings what was found; nothing that concerns databases that couldn't be asked
 * @param failed why databases couldn't be asked, by their names
 */
public record DirectoryReport(List<DirectoryFinding> findings, Map<String, CrmException> failed) {

  /**
   * Copies list and map.
   *
   * @param findings what was found
   * @param failed why databases couldn't be asked
   */
  public DirectoryReport {
    findings = List.copyOf(findings);
    failed = Map.copyOf(failed);
  }

  /**
   * Whether nothing is wrong as far as it could be looked at, and all of it was looked at.
   *
   * @return true if all is well
   */
  public boolean isHealthy() {
    return findings.isEmpty() && failed.isEmpty();
  }
}
