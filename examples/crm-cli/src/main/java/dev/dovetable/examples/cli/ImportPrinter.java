package dev.dovetable.examples.cli;

import dev.dovetable.examples.cli.terminal.Output;
import dev.dovetable.examples.cli.terminal.Text;
import dev.dovetable.schema.archive.ArchivedTable;
import dev.dovetable.schema.archive.ImportReport;
import java.util.List;
import java.util.UUID;

/** What came of an archive, for people and programs. */
final class ImportPrinter {
  private ImportPrinter() {}

  private record Document(
      String prefix,
      long id,
      long rows,
      int migrated,
      List<String> numbersTaken,
      List<UUID> membersMissing,
      boolean configured,
      List<String> namingAgents,
      long durationMs,
      List<ArchivedTable> tables) {}

  static void show(ImportReport report, Output output) {
    output.show(
        new Document(
            report.prefix(),
            report.agentId(),
            report.rows(),
            report.migrated(),
            report.numbersTaken(),
            report.membersMissing(),
            report.isConfigured(),
            report.namingAgents(),
            report.duration().toMillis(),
            report.tables()),
        () -> print(report, output));
  }

  private static void print(ImportReport report, Output output) {
    output.line(
        "Agent %s made, id %d: %s in %s"
            .formatted(
                report.prefix(),
                report.agentId(),
                Text.count(report.rows(), "row"),
                Text.duration(report.duration())));
    if (report.migrated() > 0) {
      output.line("Migrated by " + Text.count(report.migrated(), "version"));
    }
    if (!report.numbersTaken().isEmpty()) {
      output.paragraph(
          "", "Numbers of another agent, left out: " + String.join(" ", report.numbersTaken()));
    }
    if (!report.membersMissing().isEmpty()) {
      output.line(
          Text.count(report.membersMissing().size(), "member") + " left out: no such users here");
    }
    report
        .namingAgents()
        .forEach(
            extension ->
                output.line(
                    "Extension " + extension + " names the agent's id: look whether rows hold it"));
  }
}
