package dev.dovetable.examples.cli;

import dev.dovetable.examples.cli.database.Database;
import dev.dovetable.examples.cli.failures.ExitStatus;
import dev.dovetable.examples.cli.failures.Usage;
import dev.dovetable.examples.cli.terminal.Output;
import dev.dovetable.examples.cli.terminal.Shell;
import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.schema.migration.RegisteredVersions;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code crm-cli extensions replace}. */
@Command(
    name = "replace",
    description =
        "Puts another text in place of the newest version of an extension, for the agents that lack"
            + " it and those to come. It is tried first. Run crm-cli migrate afterwards.")
final class ExtensionsReplaceCommand extends DatabaseCommand {
  @Parameters(index = "0", paramLabel = "<extension>", description = "The extension's name.")
  private String extension = "";

  @Parameters(
      index = "1",
      paramLabel = "<folder>",
      description =
          "The folder of its versions, 001_….sql and so on; the last one is the new text.")
  private Path folder = Path.of("");

  private Optional<AgentExtension> read = Optional.empty();

  ExtensionsReplaceCommand(Shell shell) {
    super(shell);
  }

  private record Document(String extension, int version) {}

  @Override
  void check() {
    read = Optional.of(Usage.check(() -> AgentExtension.fromDirectory(extension, folder)));
  }

  @Override
  ExitStatus run(Database database, Output output) {
    AgentExtension replacement = read.orElseThrow();
    RegisteredVersions.in(schema()).replace(database.dataSource(), replacement);
    output.show(
        new Document(extension, replacement.version()),
        () ->
            output.line("Version " + replacement.version() + " of " + extension + " is replaced."));
    return ExitStatus.FINE;
  }
}
