package dev.dovetable.examples.quickstart;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What was asked for on the command line.
 *
 * @param folder bodies to read instead of the example's own
 * @param keep whether the server goes on afterwards
 */
record Options(Optional<Path> folder, boolean keep) {

  static final String USAGE = "Usage: [--keep] [folder with bodies of callbacks, *.json]";

  static Options parse(String... arguments) {
    Optional<Path> folder = Optional.empty();
    boolean keep = false;
    for (String argument : arguments) {
      if (argument.equals("--keep")) {
        keep = true;
      } else if (argument.startsWith("-") || folder.isPresent()) {
        throw new QuickstartException("Unexpected argument " + argument + ". " + USAGE);
      } else {
        try {
          folder = Optional.of(Path.of(argument));
        } catch (InvalidPathException e) {
          throw new QuickstartException("Not a folder: " + e.getMessage(), e);
        }
      }
    }
    return new Options(folder, keep);
  }
}
