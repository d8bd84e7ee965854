package dev.dovetable.examples.quickstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The repository's pages: everything in Markdown. */
final class Pages {
  /** Surefire runs tests in the module's folder. */
  static final Path ROOT = Path.of("..", "..");

  private static final String FENCE = "```";
  private static final String LEFT_OUT = "…";
  private static final Set<String> NOT_OURS = Set.of(".git", "target", "node_modules");

  private Pages() {}

  /** Paths from the root of the repository, such as {@code docs/guide.md}. */
  static List<String> all() {
    return files(ROOT, ".md");
  }

  /** Paths from the root of the repository of all files below a folder with such an ending. */
  static List<String> files(Path folder, String ending) {
    try (Stream<Path> found = Files.walk(folder)) {
      return found
          .filter(path -> path.toString().endsWith(ending))
          .map(ROOT::relativize)
          .filter(path -> Stream.of(path.toString().split("/")).noneMatch(NOT_OURS::contains))
          .map(path -> path.toString().replace('\\', '/'))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(String page) {
    try {
      return Files.readString(ROOT.resolve(page));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The code blocks of a page in a language. */
  static List<String> blocks(String page, String language) {
    return Pattern.compile("(?ms)^```" + language + "\n(.*?)\n```$")
        .matcher(text(page))
        .results()
        .map(block -> block.group(1))
        .toList();
  }

  /** A page without its code blocks. */
  static String prose(String page) {
    return text(page).replaceAll("(?ms)^```.*?^```$", "");
  }

  /** The README's code block after the one with the command, without what marks omissions. */
  static List<String> blockAfter(String command) {
    return text("README.md")
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
