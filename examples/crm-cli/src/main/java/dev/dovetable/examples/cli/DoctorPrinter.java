package dev.dovetable.examples.cli;

import dev.dovetable.examples.cli.failures.Wording;
import dev.dovetable.examples.cli.terminal.Output;
import dev.dovetable.examples.cli.terminal.Table;
import dev.dovetable.examples.cli.terminal.Text;
import dev.dovetable.schema.doctor.Capacity;
import dev.dovetable.schema.doctor.DoctorReport;
import dev.dovetable.schema.doctor.Finding;
import dev.dovetable.schema.doctor.Finding.Severity;
import dev.dovetable.schema.doctor.RepairReport;
import dev.dovetable.schema.doctor.RepairReport.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The doctor's reports, for people: by severity, then by agent. */
final class DoctorPrinter {
  private static final int LARGEST = 3;

  private final Output output;

  DoctorPrinter(Output output) {
    this.output = output;
  }

  void print(DoctorReport report) {
    output.line(
        "Schema %s: %s, examined in %s"
            .formatted(
                report.schema(),
                report.findings().isEmpty()
                    ? output.good("no findings")
                    : Text.count(report.findings().size(), "finding"),
                Text.duration(report.duration())));
    for (Severity severity : Severity.values()) {
      List<Finding> findings =
          report.findings().stream().filter(finding -> finding.severity() == severity).toList();
      if (!findings.isEmpty()) {
        print(severity, findings);
      }
    }
    print(report.capacity());
  }

  void print(RepairReport report) {
    Map<Outcome, Long> outcomes =
        report.results().stream()
            .collect(Collectors.groupingBy(RepairReport.Result::outcome, Collectors.counting()));
    output.line(
        "%s repaired, %d failed, %d gone meanwhile, in %s"
            .formatted(
                Text.count(outcomes.getOrDefault(Outcome.REPAIRED, 0L), "finding"),
                outcomes.getOrDefault(Outcome.FAILED, 0L),
                outcomes.getOrDefault(Outcome.GONE, 0L),
                Text.duration(report.duration())));
    for (RepairReport.Result failure : report.failures()) {
      output.paragraph("  ", failure.finding().object() + ": " + failure.error().orElse("failed"));
    }
    output.line("");
  }

  private void print(Severity severity, List<Finding> findings) {
    output.line("");
    String heading = severity + " (" + findings.size() + ")";
    output.line(severity == Severity.ERROR ? output.bad(heading) : output.bold(heading));
    Map<Optional<String>, List<Finding>> byAgent =
        findings.stream()
            .collect(
                Collectors.groupingBy(Finding::prefix, LinkedHashMap::new, Collectors.toList()));
    byAgent.forEach(
        (prefix, ofAgent) -> {
          output.line("  " + prefix.orElse("installation"));
          ofAgent.forEach(this::print);
        });
  }

  private void print(Finding finding) {
    output.paragraph("    ", finding.code() + " " + finding.object() + ": " + finding.problem());
    // How to repair what can be is said once, at the end.
    if (!finding.isRepairable()) {
      output.paragraph("      ", remedy(finding));
    }
  }

  private static String remedy(Finding finding) {
    return finding.code() == Finding.Code.OUTDATED
        ? "Run crm-cli migrate."
        : Wording.of(finding.remedy());
  }

  private void print(Capacity capacity) {
    output.line("");
    Table table = new Table("Capacity", "");
    table.row("Agents", Long.toString(capacity.agents()));
    table.row("Tables, indexes, sequences and so on", Long.toString(capacity.relations()));
    table.row("Catalogues", Text.bytes(capacity.catalogBytes()));
    table.row("Locks there is room for", Long.toString(capacity.lockSlots()));
    table.row("Locks that deleting an agent takes", Long.toString(capacity.locksToDeleteAgent()));
    table.row("Locks that pg_dump takes", Long.toString(capacity.locksToDump()));
    table.row("Memory of a connection that touched all", Text.bytes(capacity.bytesPerConnection()));
    output.table(table);
    if (!capacity.largest().isEmpty()) {
      output.paragraph(
          "",
          capacity.largest().stream()
              .limit(LARGEST)
              .map(agent -> agent.prefix() + " " + Text.bytes(agent.bytes()))
              .collect(Collectors.joining(", ", "Largest agents: ", "")));
    }
  }
}
