package dev.dovetable.examples.quickstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The README at the top of the repository. */
final class Readme {

  private static final String FENCE = "```";
  private static final String LEFT_OUT = "…";

  private Readme() {}

  static String text() {
    try {
      // Surefire runs tests in the module's folder.
      return Files.readString(Path.of("..", "..", "README.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The code block after the one that holds the command, without what marks omissions. */
  static List<String> blockAfter(String command) {
    return text()
        .lines()
        .dropWhile(line -> !line.contains(command))
        .dropWhile(line -> !line.equals(FENCE))
        .skip(1)
        .dropWhile(line -> !line.startsWith(FENCE))
        .skip(1)
        .takeWhile(line -> !line.equals(FENCE))
        .filter(line -> !line.strip().equals(LEFT_OUT) && !line.isBlank())
        .toList();
  }
}
