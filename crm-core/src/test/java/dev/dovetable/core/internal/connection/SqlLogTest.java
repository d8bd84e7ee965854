package dev.dovetable.core.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.fixture.DatabaseTest;
import dev.dovetable.core.fixture.LoggedStatements;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a process logs that logs everything: in a JVM of its own, because levels are for good. */
public class SqlLogTest extends DatabaseTest {
  private static final String LOGGER = " " + SqlLog.NAME + " ";

  @Test
  void showsStatementsButNeverAValue() throws IOException, InterruptedException {
    String prefix = newAgent().prefix();

    List<String> lines = run("trace", prefix);

    assertThat(lines).noneMatch(line -> line.contains(LoggedStatements.SECRET));
    assertThat(lines)
        .anyMatch(line -> line.contains(" org.jooq."))
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains(LOGGER)
                    .containsPattern("agent " + prefix + ": 1 row in \\d+ ms: insert into ")
                    .contains(prefix + "_messages", "values (?, ?, ?)"))
        .anyMatch(line -> line.contains(LOGGER + "- the CRM in schema crm: 1 row in "))
        .anyMatch(line -> line.contains("agent " + prefix + ": SQLSTATE 23503 in "))
        .anyMatch(line -> line.contains(": a batch in "))
        .noneMatch(line -> line.contains("set_config"));
  }

  @Test
  void isSilentUnlessAskedFor() throws IOException, InterruptedException {
    assertThat(run("info", newAgent().prefix())).noneMatch(line -> line.contains(LOGGER));
  }

  private static List<String> run(String level, String prefix)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=" + level,
                "-cp",
                System.getProperty("java.class.path"),
                LoggedStatements.class.getName(),
                Integer.toString(database.server().port()),
                database.name(),
                login,
                prefix)
            .redirectErrorStream(true)
            .start();
    List<String> lines;
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      lines = output.lines().toList();
    }
    assertThat(process.waitFor()).as(String.join("\n", lines)).isZero();
    return lines;
  }
}
