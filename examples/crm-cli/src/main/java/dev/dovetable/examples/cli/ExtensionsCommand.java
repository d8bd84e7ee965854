package dev.dovetable.examples.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crm-cli extensions}: only its subcommands do something. */
@Command(
    name = "extensions",
    synopsisSubcommandLabel = "<command>",
    description = "Takes back or replaces a version that failed after it was registered.")
final class ExtensionsCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this text.")
  private boolean help;
}
