package dev.dovetable.examples.cli.terminal;

import picocli.CommandLine.Option;

/** How results are shown. */
public final class OutputOptions {
  @Option(
      names = "--json",
      description = "Prints one JSON document, and everything else to standard error.")
  private boolean json;

  @Option(
      names = "--verbose",
      description = "Logs what is done, and shows errors with their causes.")
  private boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this text.")
  private boolean help;

  public boolean json() {
    return json;
  }

  public boolean verbose() {
    return verbose;
  }
}
