package dev.dovetable.examples.cli.failures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.common.RefusedException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordingTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Run CrmSchema.install first, as the owner. | Run crm-cli install first, as the owner.",
        "Put it back, then call CrmSchema.install. | Put it back, then run crm-cli install.",
        "Install the schema with CrmSchema. | Install the schema with crm-cli install.",
        "Run AgentMigrations; it is recorded. | Run crm-cli migrate; it is recorded.",
        "Or allow more time with lockTimeout(…). | Or allow more time with --lock-timeout.",
        "Create it or correct loginRole(…). | Create it or correct --login-role.",
        "Take CrmSchema.builder().schema(\"crm2\").build(). | Take --schema crm2.",
        "Or make the agent: crm.asService().agents().create(…)."
            + " | Or make the agent: crm-cli agents create.",
        "Choose another prefix, or open that agent: crm.as(…).tenant(\"agt_1\")."
            + " | Choose another prefix.",
        "Check the database of the DataSource. | Check the database.",
        "The role agents lacks a privilege. | The role agents lacks a privilege."
      })
  void adviceNamesCommands(String api, String words) {
    assertThat(Wording.of(api)).isEqualTo(words);
    assertThat(
            Failures.message(
                new RefusedException(
                    RefusedException.Reason.AGENT_WITHOUT_USER, "It failed.", api)))
        .isEqualTo("It failed. " + words);
  }
}
