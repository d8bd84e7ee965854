package dev.dovetable.examples.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crm-cli agents}: only its subcommands do something. */
@Command(
    name = "agents",
    synopsisSubcommandLabel = "<command>",
    description = "Lists, makes, deletes, measures, archives and clones agents.")
final class AgentsCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this text.")
  private boolean help;
}
