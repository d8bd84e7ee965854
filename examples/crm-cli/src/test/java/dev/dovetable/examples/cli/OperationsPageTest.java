package dev.dovetable.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.examples.cli.failures.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** That the section about the command line, on the page for operators, shows what the jar does. */
@Tag("jar")
class OperationsPageTest {
  private static final String COMMAND = "$ crm-cli ";

  private static String section;

  @BeforeAll
  static void read() throws IOException {
    section =
        Files.readString(root().resolve("docs/operations.md"))
            .split("\n## Command line\n")[1]
            .split("\n## ")[0];
  }

  @Test
  void theCommandsPrintWhatIsShown() throws SQLException, IOException {
    try (OperatorDatabase database = OperatorDatabase.empty()) {
      Map<String, String> environment =
          Map.of(
              "PGHOST", database.server().host(),
              "PGPORT", Integer.toString(database.server().port()),
              "PGDATABASE", database.name(),
              "PGUSER", database.operator());
      int commands = 0;
      for (String part : section.split("```")[1].split("(?m)^(?=\\$ )")) {
        if (part.startsWith(COMMAND)) {
          List<String> lines = part.lines().toList();
          Result result = Child.run(environment, arguments(lines.get(0)));
          assertThat(result.status()).as(lines.get(0)).isZero();
          assertThat(result.out().lines().map(OperationsPageTest::withoutWhatVaries))
              .containsSubsequence(
                  lines.stream()
                      .skip(1)
                      .filter(line -> !line.equals("…"))
                      .map(OperationsPageTest::withoutWhatVaries)
                      .toList());
          // The roles may be those of another database's installation.
          database.execute("grant authenticated, service_role to " + database.operator());
          commands++;
        }
      }
      assertThat(commands).isGreaterThan(5);
    }
  }

  @Test
  void theExitCodesAreThoseOfTheHelp() {
    assertThat(section.lines().filter(line -> line.matches("\\| \\d+ \\| .*")))
        .containsExactlyElementsOf(
            Arrays.stream(ExitStatus.values())
                .map(status -> "| %d | %s |".formatted(status.code(), status.meaning()))
                .toList());
  }

  /** Paths in it begin at the root of the repository; this runs in the module's folder. */
  private static String[] arguments(String line) {
    List<String> arguments = new ArrayList<>();
    for (String argument : line.substring(COMMAND.length()).split(" ")) {
      arguments.add(argument.replace("=examples/", "=" + root() + "/examples/"));
    }
    return arguments.toArray(String[]::new);
  }

  private static Path root() {
    return Path.of("..", "..");
  }

  private static String withoutWhatVaries(String line) {
    return line.replaceAll("[\\d.]+ (ms|s|kB)\\b", "… $1")
        .replaceAll(" (ms|s)\\b", " …")
        .replaceAll(" +", " ");
  }
}
