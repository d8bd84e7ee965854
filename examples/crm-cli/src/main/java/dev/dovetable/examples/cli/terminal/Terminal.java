package dev.dovetable.examples.cli.terminal;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which of the three streams are a terminal, and what can be shown there.
 *
 * @param input whether somebody can be asked
 * @param output whether results are read by a person
 * @param error whether progress is watched by a person
 * @param columns the width
 * @param unicode whether more than ASCII can be shown
 * @param color whether colours are wanted, see https://no-color.org
 */
public record Terminal(
    boolean input, boolean output, boolean error, int columns, boolean unicode, boolean color) {

  private static final int DEFAULT_COLUMNS = 80;
  private static final int INPUT = 1;
  private static final int OUTPUT = 2;
  private static final int ERROR = 4;
  private static final String WHICH_ARE_TERMINALS =
      "n=0; test -t 0 && n=$((n+%d)); test -t 1 && n=$((n+%d)); test -t 2 && n=$((n+%d)); exit $n"
          .formatted(INPUT, OUTPUT, ERROR);
  private static final Pattern SIZE = Pattern.compile("\\d+ (\\d+)\\s*");

  /** Not a terminal at all: a pipe, a file, a log. */
  public static final Terminal NONE =
      new Terminal(false, false, false, DEFAULT_COLUMNS, true, false);

  /**
   * Asks the system. {@link System#console()} doesn't answer for each stream, and since Java 22 it
   * is there without a terminal, too.
   */
  public static Terminal detect(Map<String, String> environment) {
    boolean unicode = "UTF-8".equalsIgnoreCase(System.getProperty("native.encoding"));
    int streams = terminals();
    boolean dumb = "dumb".equals(environment.get("TERM"));
    boolean output = (streams & OUTPUT) != 0;
    boolean error = (streams & ERROR) != 0;
    boolean color = output && !dumb && environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new Terminal(
        (streams & INPUT) != 0,
        output,
        error && !dumb,
        output || error ? columns(environment) : DEFAULT_COLUMNS,
        unicode,
        color);
  }

  private static int terminals() {
    try {
      return new ProcessBuilder("sh", "-c", WHICH_ARE_TERMINALS).inheritIO().start().waitFor();
    } catch (IOException e) {
      // No sh, so no POSIX system.
      return System.console() == null ? 0 : INPUT | OUTPUT | ERROR;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private static int columns(Map<String, String> environment) {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(Redirect.DISCARD)
              .start();
      String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      Matcher size = SIZE.matcher(answer);
      if (size.matches() && !size.group(1).equals("0")) {
        return Integer.parseInt(size.group(1));
      }
    } catch (IOException e) {
      // No stty, or no controlling terminal: the environment may know.
    }
    String columns = environment.getOrDefault("COLUMNS", "");
    return columns.matches("[1-9]\\d{0,3}") ? Integer.parseInt(columns) : DEFAULT_COLUMNS;
  }
}
