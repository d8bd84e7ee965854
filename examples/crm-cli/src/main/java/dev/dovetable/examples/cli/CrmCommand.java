package dev.dovetable.examples.cli;

import dev.dovetable.examples.cli.failures.ExitStatus;
import dev.dovetable.examples.cli.terminal.Output;
import dev.dovetable.examples.cli.terminal.OutputOptions;
import dev.dovetable.examples.cli.terminal.Shell;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** What all commands have in common. */
abstract class CrmCommand implements Callable<Integer> {
  private final Shell shell;

  @Mixin private final OutputOptions options = new OutputOptions();

  CrmCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public final Integer call() {
    if (options.verbose()) {
      // Before the first logger is made; simplelogger.properties switches all of them off.
      System.setProperty("org.slf4j.simpleLogger.log.dev.dovetable", "debug");
    }
    return run(new Output(shell, options.json())).code();
  }

  final boolean verbose() {
    return options.verbose();
  }

  final Shell shell() {
    return shell;
  }

  abstract ExitStatus run(Output output);
}
