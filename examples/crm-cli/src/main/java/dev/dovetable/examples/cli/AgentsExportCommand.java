package dev.dovetable.examples.cli;

import dev.dovetable.examples.cli.database.Database;
import dev.dovetable.examples.cli.failures.CliException;
import dev.dovetable.examples.cli.failures.ExitStatus;
import dev.dovetable.examples.cli.terminal.Output;
import dev.dovetable.examples.cli.terminal.Progress;
import dev.dovetable.examples.cli.terminal.Shell;
import dev.dovetable.examples.cli.terminal.Text;
import dev.dovetable.schema.archive.AgentArchive;
import dev.dovetable.schema.archive.ArchivedTable;
import dev.dovetable.schema.archive.ExportOptions;
import dev.dovetable.schema.archive.ExportReport;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code crm-cli agents export}. */
@Command(
    name = "export",
    description =
        "Writes an agent with all its rows, members, numbers and settings into an archive, as it is"
            + " at one moment; others go on writing.")
final class AgentsExportCommand extends DatabaseCommand {
  @Parameters(paramLabel = "<prefix>", description = "The agent's prefix.")
  private String prefix = "";

  @Option(
      names = "--output",
      paramLabel = "<file>",
      description = "Where to; default: standard output.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--with-secrets",
      description = "Also writes api_key and verify_token of the WhatsApp configuration.")
  private boolean withSecrets;

  @Option(
      names = "--without-messages",
      description = "Leaves messages out, and what refers to them.")
  private boolean withoutMessages;

  @Mixin private final ArchiveOptions options = new ArchiveOptions();

  AgentsExportCommand(Shell shell) {
    super(shell);
  }

  private record Document(String prefix, long rows, long durationMs, List<ArchivedTable> tables) {}

  @Override
  void check() {
    if (file.isEmpty() && shell().terminal().output()) {
      throw new CliException(
          ExitStatus.REFUSED, "An archive is nothing to read. Name a file with --output.");
    }
  }

  @Override
  ExitStatus run(Database database, Output output) {
    ExportReport report =
        file.isPresent() ? write(database, file.get()) : export(database, shell().out());
    // Standard output may be the archive.
    if (file.isPresent()) {
      output.show(
          new Document(prefix, report.rows(), report.duration().toMillis(), report.tables()),
          () ->
              output.line(
                  "Agent %s: %s in %s"
                      .formatted(
                          prefix,
                          Text.count(report.rows(), "row"),
                          Text.duration(report.duration()))));
    }
    return ExitStatus.FINE;
  }

  private ExportReport export(Database database, OutputStream out) {
    ExportOptions chosen = new ExportOptions(withSecrets, !withoutMessages);
    ExportReport report;
    try (Progress progress = Progress.of("Exporting", "kilobyte", shell())) {
      AgentArchive archive = options.archive(shell(), schema(), progress);
      report = archive.export(database.dataSource(), prefix, out, chosen);
    }
    if (out instanceof PrintStream printed && printed.checkError()) {
      throw new CliException(ExitStatus.FAILED, "The archive can't be written: it was cut off.");
    }
    return report;
  }

  /** Beside it first: what bears the name is whole. */
  private ExportReport write(Database database, Path target) {
    Path part = target.resolveSibling(target.getFileName() + ".part");
    try {
      ExportReport report;
      try (OutputStream out = Files.newOutputStream(part)) {
        report = export(database, out);
      } catch (IOException | RuntimeException e) {
        Files.deleteIfExists(part);
        throw e;
      }
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
      return report;
    } catch (IOException e) {
      throw new CliException(
          ExitStatus.FAILED, "Could not write %s: %s.".formatted(target, e.getMessage()), e);
    }
  }
}
