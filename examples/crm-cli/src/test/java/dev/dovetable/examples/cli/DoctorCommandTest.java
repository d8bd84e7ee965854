package dev.dovetable.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.examples.cli.terminal.Terminal;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class DoctorCommandTest {
  private static final Terminal AT_A_TERMINAL = new Terminal(true, true, true, 80, true, false);

  private static OperatorDatabase database;

  @BeforeAll
  static void open() throws SQLException {
    database = OperatorDatabase.installed().agents(3);
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @BeforeEach
  void damage() throws SQLException {
    assertThat(doctor("--repair", "--yes").status()).isZero();
    database.execute(
        "drop index agt_2_messages_direction_idx; alter table agt_1_orders disable row level security");
  }

  @Test
  void findingsAreShownBySeverityAndAgent() {
    Result result = doctor();

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .containsSubsequence(
            "Schema public: 2 findings",
            "ERROR (1)",
            "  agt_1",
            "    ROW_SECURITY agt_1_orders: ",
            "WARNING (1)",
            "  agt_2",
            "    INDEX ",
            "Capacity",
            "crm-cli doctor --repair");
  }

  @Test
  void findingsAsJson() {
    Result result = doctor("--json", "--totals", "none");

    assertThat(result.status()).isEqualTo(1);
    JsonNode report = result.json();
    assertThat(report.get("healthy").asBoolean()).isFalse();
    assertThat(report.get("findings")).hasSize(2);
    JsonNode first = report.get("findings").get(0);
    assertThat(first.get("code").asString()).isEqualTo("ROW_SECURITY");
    assertThat(first.get("prefix").asString()).isEqualTo("agt_1");
    assertThat(first.get("repair").get(0).asString()).contains("enable row level security");
    assertThat(report.get("repaired").isNull()).isTrue();
    assertThat(report.get("capacity").get("agents").asInt()).isEqualTo(3);
  }

  @Test
  void nothingIsRepairedWithoutAYes() throws SQLException {
    Result pipe = doctor("--repair");
    assertThat(pipe.status()).isEqualTo(4);
    assertThat(pipe.err()).hasLineCount(1).contains("--yes");

    Result declined =
        Result.on(AT_A_TERMINAL, "no\n", "doctor", "--repair", "--url", database.url());
    assertThat(declined.status()).isEqualTo(4);
    assertThat(declined.err())
        .contains("enable row level security", "Run this to repair 2 findings? Type yes: ");
    assertThat(rowSecurity()).isEqualTo("f");
  }

  @Test
  void repairsAndLooksAgain() throws SQLException {
    Result repaired =
        Result.on(AT_A_TERMINAL, "yes\n", "doctor", "--repair", "--url", database.url());

    assertThat(repaired.status()).isZero();
    assertThat(repaired.out())
        .contains("2 findings repaired, 0 failed, 0 gone meanwhile", "Schema public: no findings");
    assertThat(rowSecurity()).isEqualTo("t");
  }

  @Test
  void whatItLeavesToPeopleIsStillWrong() throws SQLException {
    database.execute("alter table agt_3_customers alter column phone drop not null");
    database.execute(
        "insert into agt_3_customers (agent_id, name) select id, 'x' from agents where agent_prefix = 'agt_3'");
    try {
      JsonNode report = doctor("--repair", "--yes", "--json").json();

      assertThat(report.get("healthy").asBoolean()).isFalse();
      assertThat(report.get("remaining")).isNotEmpty();
      assertThat(report.get("repaired")).hasSizeGreaterThanOrEqualTo(2);
    } finally {
      database.execute(
          "delete from agt_3_customers; alter table agt_3_customers alter column phone set not null");
    }
  }

  private static String rowSecurity() throws SQLException {
    return database.string(
        "select relrowsecurity from pg_class where oid = 'agt_1_orders'::regclass");
  }

  private static Result doctor(String... options) {
    String[] arguments = new String[options.length + 3];
    arguments[0] = "doctor";
    arguments[1] = "--url";
    arguments[2] = database.url();
    System.arraycopy(options, 0, arguments, 3, options.length);
    return Result.of(arguments);
  }
}
