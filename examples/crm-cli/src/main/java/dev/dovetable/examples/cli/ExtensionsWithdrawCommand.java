package dev.dovetable.examples.cli;

import dev.dovetable.examples.cli.database.Database;
import dev.dovetable.examples.cli.failures.ExitStatus;
import dev.dovetable.examples.cli.terminal.Output;
import dev.dovetable.examples.cli.terminal.Shell;
import dev.dovetable.schema.migration.RegisteredVersions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code crm-cli extensions withdraw}. */
@Command(
    name = "withdraw",
    description =
        "Takes the newest version of an extension back, if no agent has it: new agents don't get it"
            + " any more.")
final class ExtensionsWithdrawCommand extends DatabaseCommand {
  @Parameters(index = "0", paramLabel = "<extension>", description = "The extension's name.")
  private String extension = "";

  @Parameters(index = "1", paramLabel = "<version>", description = "The version's number.")
  private int version;

  ExtensionsWithdrawCommand(Shell shell) {
    super(shell);
  }

  private record Document(String extension, int version) {}

  @Override
  ExitStatus run(Database database, Output output) {
    RegisteredVersions.in(schema()).withdraw(database.dataSource(), extension, version);
    output.show(
        new Document(extension, version),
        () -> output.line("Version " + version + " of " + extension + " is withdrawn."));
    return ExitStatus.FINE;
  }
}
