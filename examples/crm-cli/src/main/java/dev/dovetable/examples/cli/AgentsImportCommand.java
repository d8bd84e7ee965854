package dev.dovetable.examples.cli;

import dev.dovetable.examples.cli.database.Database;
import dev.dovetable.examples.cli.failures.ExitStatus;
import dev.dovetable.examples.cli.terminal.Output;
import dev.dovetable.examples.cli.terminal.Progress;
import dev.dovetable.examples.cli.terminal.Shell;
import dev.dovetable.schema.archive.ImportOptions;
import dev.dovetable.schema.archive.ImportReport;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code crm-cli agents import}. */
@Command(
    name = "import",
    description =
        "Makes an agent of an archive: all of it, or nothing. As the role that installed, or a"
            + " member of it.")
final class AgentsImportCommand extends DatabaseCommand {
  @Parameters(
      paramLabel = "<file>",
      arity = "0..1",
      description = "The archive; default: standard input.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--as",
      paramLabel = "<prefix>",
      required = true,
      description = "The new agent's prefix.")
  private String prefix = "";

  @Option(
      names = "--user",
      paramLabel = "<e-mail>",
      required = true,
      description = "Who works as this agent: a user without one, by address or id.")
  private String user = "";

  @Option(
      names = "--creator",
      paramLabel = "<e-mail>",
      description = "Who makes the agent; default: that user.")
  private Optional<String> creator = Optional.empty();

  @Mixin private final ArchiveOptions options = new ArchiveOptions();

  AgentsImportCommand(Shell shell) {
    super(shell);
  }

  @Override
  ExitStatus run(Database database, Output output) {
    UUID owner = ArchiveOptions.user(database, "--user", user);
    UUID maker = creator.map(who -> ArchiveOptions.user(database, "--creator", who)).orElse(owner);
    ImportReport report;
    try (Progress progress = Progress.of("Importing", "kilobyte", shell())) {
      report =
          ArchiveFile.read(
              file,
              in ->
                  options
                      .archive(shell(), schema(), progress)
                      .importAs(
                          database.dataSource(), prefix, in, new ImportOptions(owner, maker)));
    }
    ImportPrinter.show(report, output);
    return ExitStatus.FINE;
  }
}
