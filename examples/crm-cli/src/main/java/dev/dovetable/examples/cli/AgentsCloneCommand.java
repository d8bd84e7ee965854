package dev.dovetable.examples.cli;

import dev.dovetable.examples.cli.database.Database;
import dev.dovetable.examples.cli.failures.ExitStatus;
import dev.dovetable.examples.cli.terminal.Output;
import dev.dovetable.examples.cli.terminal.Progress;
import dev.dovetable.examples.cli.terminal.Shell;
import dev.dovetable.schema.archive.ExportOptions;
import dev.dovetable.schema.archive.ImportOptions;
import dev.dovetable.schema.archive.ImportReport;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code crm-cli agents clone}. */
@Command(
    name = "clone",
    description =
        "Makes an agent like another one. Its numbers stay the other one's. As the role that"
            + " installed, or a member of it.")
final class AgentsCloneCommand extends DatabaseCommand {
  private static final int CONNECTIONS = 3;

  @Parameters(paramLabel = "<prefix>", description = "The prefix of the agent that there is.")
  private String prefix = "";

  @Option(
      names = "--as",
      paramLabel = "<prefix>",
      required = true,
      description = "The new agent's prefix.")
  private String newPrefix = "";

  @Option(
      names = "--user",
      paramLabel = "<e-mail>",
      required = true,
      description = "Who works as the new agent: a user without one, by address or id.")
  private String user = "";

  @Option(
      names = "--creator",
      paramLabel = "<e-mail>",
      description = "Who makes the agent; default: that user.")
  private Optional<String> creator = Optional.empty();

  @Option(
      names = "--without-messages",
      description = "Leaves messages out, and what refers to them.")
  private boolean withoutMessages;

  @Mixin private final ArchiveOptions options = new ArchiveOptions();

  AgentsCloneCommand(Shell shell) {
    super(shell);
  }

  @Override
  int connections() {
    return CONNECTIONS;
  }

  @Override
  ExitStatus run(Database database, Output output) {
    UUID owner = ArchiveOptions.user(database, "--user", user);
    UUID maker = creator.map(who -> ArchiveOptions.user(database, "--creator", who)).orElse(owner);
    ImportReport report;
    try (Progress progress = Progress.of("Cloning", "kilobyte", shell())) {
      report =
          options
              .archive(shell(), schema(), progress)
              .copy(
                  database.dataSource(),
                  prefix,
                  newPrefix,
                  new ExportOptions(false, !withoutMessages),
                  new ImportOptions(owner, maker));
    }
    ImportPrinter.show(report, output);
    return ExitStatus.FINE;
  }
}
