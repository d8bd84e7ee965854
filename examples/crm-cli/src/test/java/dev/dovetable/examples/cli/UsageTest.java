package dev.dovetable.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.examples.cli.failures.ExitStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "statsu",
        "agents",
        "agents delete",
        "agents create agt_1",
        "status --nonsense",
        "status --json=maybe",
        "status agt_1",
        "migrate --extension visits",
        "migrate --connections many",
        "export",
        "export folder --for mysql",
        "status --url",
        "agents size --top 0",
      })
  void aWrongCommandLineIsOneLineAndTwo(String commandLine) {
    Result result = Result.of(commandLine.isEmpty() ? new String[0] : commandLine.split(" "));

    assertThat(result.status()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).hasLineCount(1).startsWith("crm-cli: ").contains("--help");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status --password hunter2",
        "status --password=hunter2",
        "status -W hunter2",
        "status postgresql://ada:hunter2@db/crm",
        "status --url=postgresql://ada:hunter2@db/crm",
        "status --url postgresql://db/crm?password=hunter2",
        "status --connect=postgresql://ada:hunter2@db/crm",
        "migrate --connections postgresql://ada:hunter2@db/crm",
        "migrate --rate password=hunter2",
      })
  void secretsAreNeverRepeated(String commandLine) {
    Result result = Result.of(commandLine.split(" "));

    assertThat(result.status()).isEqualTo(2);
    assertThat(result.out() + result.err()).doesNotContain("hunter2").isNotBlank();
  }

  @Test
  void suggestsWhatWasMeant() {
    assertThat(Result.of("statsu").err()).contains("did you mean status").doesNotContain("?.");
    assertThat(Result.of("--url", "x", "status").err()).contains("crm-cli install --url");
    assertThat(Result.of("migrate", "--extension", "x").err()).doesNotContain("option option");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "install ", "status ", "migrate ", "agents ", "agents create ", "export "})
  void helpListsTheExitCodes(String command) {
    Result result = Result.of((command + "--help").split(" "));

    assertThat(result.status()).isZero();
    assertThat(result.err()).isEmpty();
    for (ExitStatus status : ExitStatus.values()) {
      assertThat(result.out()).containsPattern("(?m)^ +" + status.code() + " ");
    }
    assertThat(result.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
  }
}
