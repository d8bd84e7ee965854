package dev.dovetable.examples.cli.failures;

import dev.dovetable.examples.cli.terminal.Text;
import java.util.function.Supplier;

/** Tells settings that the library refuses, which somebody typed, from faults of the program. */
public final class Usage {
  private Usage() {}

  /** What is made from the command line's values. */
  public static <T> T check(Supplier<T> making) {
    try {
      return making.get();
    } catch (IllegalArgumentException e) {
      throw new CliException(ExitStatus.USAGE, Text.sentence(e.getMessage()), e);
    }
  }
}
