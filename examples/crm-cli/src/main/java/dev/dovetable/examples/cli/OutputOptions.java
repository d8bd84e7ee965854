package dev.dovetable.examples.cli;

import picocli.CommandLine.Option;

/** How results are shown. */
final class OutputOptions {
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

  boolean json() {
    return json;
  }

  boolean verbose() {
    return verbose;
  }
}
