package dev.dovetable.examples.cli;

import dev.dovetable.examples.cli.failures.ExitStatus;
import dev.dovetable.examples.cli.terminal.Output;
import dev.dovetable.examples.cli.terminal.Progress;
import dev.dovetable.examples.cli.terminal.Shell;
import dev.dovetable.examples.cli.terminal.Table;
import dev.dovetable.examples.cli.terminal.Text;
import dev.dovetable.schema.archive.ArchiveReport;
import dev.dovetable.schema.archive.ArchivedTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code crm-cli agents check}. */
@Command(
    name = "check",
    description =
        "Reads an archive to its end and compares it with its checksums. Needs no database.")
final class AgentsCheckCommand extends CrmCommand {
  @Parameters(
      paramLabel = "<file>",
      arity = "0..1",
      description = "The archive; default: standard input.")
  private Optional<Path> file = Optional.empty();

  @Mixin private final ArchiveOptions options = new ArchiveOptions();

  AgentsCheckCommand(Shell shell) {
    super(shell);
  }

  private record Document(
      String prefix,
      long id,
      String takenAt,
      String server,
      boolean secrets,
      boolean messages,
      boolean signed,
      List<String> versions,
      List<ArchivedTable> tables) {}

  @Override
  ExitStatus run(Output output) {
    ArchiveReport report;
    try (Progress progress = Progress.of("Reading", "kilobyte", shell())) {
      report = ArchiveFile.read(file, in -> options.archive(shell(), "public", progress).check(in));
    }
    output.show(
        new Document(
            report.prefix(),
            report.agentId(),
            report.takenAt().toString(),
            report.server(),
            report.hasSecrets(),
            report.hasMessages(),
            report.isSigned(),
            report.versions(),
            report.tables()),
        () -> print(report, output));
    return ExitStatus.FINE;
  }

  private static void print(ArchiveReport report, Output output) {
    output.line(
        "Agent %s, id %d, of PostgreSQL %s, taken at %s"
            .formatted(report.prefix(), report.agentId(), report.server(), report.takenAt()));
    output.line(
        "%s secrets, %s messages, %s"
            .formatted(
                report.hasSecrets() ? "With" : "Without",
                report.hasMessages() ? "with" : "without",
                report.isSigned() ? "signed" : "not signed"));
    output.paragraph("", "Versions: " + String.join(", ", report.versions()));
    Table table = new Table("Table", ">Rows", ">Bytes");
    report
        .tables()
        .forEach(one -> table.row(one.name(), Long.toString(one.rows()), Text.bytes(one.bytes())));
    output.table(table);
  }
}
