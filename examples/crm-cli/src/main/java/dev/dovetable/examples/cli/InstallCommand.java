package dev.dovetable.examples.cli;

import dev.dovetable.examples.cli.database.Database;
import dev.dovetable.examples.cli.failures.ExitStatus;
import dev.dovetable.examples.cli.failures.Usage;
import dev.dovetable.examples.cli.terminal.Output;
import dev.dovetable.examples.cli.terminal.Shell;
import dev.dovetable.examples.cli.terminal.Text;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.install.InstallReport;
import dev.dovetable.schema.install.InstallReport.Note;
import dev.dovetable.schema.install.InstallReport.Outcome;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crm-cli install}. */
@Command(
    name = "install",
    description =
        "Installs the schema, or brings an older one up to date, in one transaction. A schema that"
            + " is current is left alone.")
final class InstallCommand extends DatabaseCommand {
  @Option(
      names = "--login-role",
      paramLabel = "<role>",
      description = "The role that the application logs in as; default: the one that installs.")
  private Optional<String> loginRole = Optional.empty();

  InstallCommand(Shell shell) {
    super(shell);
  }

  private record Document(
      String schema,
      Outcome outcome,
      Optional<Integer> previousVersion,
      int version,
      List<File> files,
      List<Note> notes) {}

  private record File(String file, long durationMs) {}

  @Override
  ExitStatus run(Database database, Output output) {
    CrmSchema.Builder settings = CrmSchema.builder().schema(schema());
    loginRole.ifPresent(settings::loginRole);
    CrmSchema crm = Usage.check(settings::build);
    InstallReport report = crm.install(database.dataSource());
    output.show(document(report), () -> print(report, output));
    // An older agent whose tables couldn't be brought up to date is a note, not a failure.
    return crm.status(database.dataSource()).isCurrent() ? ExitStatus.FINE : ExitStatus.NOT_FINE;
  }

  private static Document document(InstallReport report) {
    return new Document(
        report.schema(),
        report.outcome(),
        report.previousVersion(),
        report.version(),
        report.steps().stream()
            .map(step -> new File(step.script(), step.duration().toMillis()))
            .toList(),
        report.notes());
  }

  private static void print(InstallReport report, Output output) {
    output.line(
        "Schema %s: %s%s"
            .formatted(
                report.schema(),
                outcome(report),
                report.steps().isEmpty()
                    ? ""
                    : " (%s in %s)"
                        .formatted(
                            Text.count(report.steps().size(), "file"),
                            Text.duration(report.duration()))));
    for (Note note : report.notes()) {
      output.line("");
      output.paragraph("", note.finding() + " " + note.consequence());
      note.statement().ifPresent(sql -> output.line("  To change it: " + Text.lines(sql) + ";"));
    }
  }

  private static String outcome(InstallReport report) {
    int version = report.version();
    return switch (report.outcome()) {
      case INSTALLED -> "version " + version + " installed";
      case UPGRADED ->
          "upgraded from version %s to %d"
              .formatted(report.previousVersion().map(String::valueOf).orElse("?"), version);
      case ADOPTED -> "version " + version + " was made by psql, and has its history now";
      case REPAIRED -> "what was missing of version " + version + " is there again";
      case ALREADY_CURRENT -> "version " + version + " is current";
    };
  }
}
