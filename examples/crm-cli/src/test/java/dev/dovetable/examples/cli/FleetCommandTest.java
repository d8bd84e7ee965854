package dev.dovetable.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Several databases at the same time. */
class FleetCommandTest {
  private static final String DOWN = "postgresql://nobody@localhost:1/none";

  @Test
  void installsMigratesAndExaminesAllOfThem() throws SQLException {
    try (OperatorDatabase one = OperatorDatabase.empty();
        OperatorDatabase two = OperatorDatabase.empty()) {
      String[] both = {"--database", "one=" + one.url(), "--database", "two=" + two.url()};

      Result installed = run(both, "install", "--json");
      assertThat(installed.status()).isZero();
      assertThat(installed.json().get("databases")).hasSize(2);
      assertThat(installed.json().get("databases").get(1).get("said").asString())
          .startsWith("INSTALLED");
      assertThat(installed.json().get("directory")).hasSize(2);
      assertThat(installed.json().get("healthy").asBoolean()).isTrue();

      assertThat(run(both, "migrate").out())
          .contains("one: all agents are up to date", "two: all agents are up to date");
      // The roles are those of one of the two operators, or of another test's.
      for (OperatorDatabase each : List.of(one, two)) {
        each.execute("grant authenticated, service_role to " + each.operator());
      }
      Result examined = run(both, "doctor");
      assertThat(examined.status()).as(examined.out()).isZero();
      assertThat(examined.out()).contains("one: no findings", "two: no findings");
      assertThat(examined.out()).doesNotContain("directory");
    }
  }

  @Test
  void oneThatIsDownHidesNothingOfTheOther() throws SQLException {
    try (OperatorDatabase one = OperatorDatabase.empty()) {
      String[] both = {"--database", "one=" + one.url(), "--database", "two=" + DOWN};

      Result installed = run(both, "install");
      assertThat(installed.status()).isEqualTo(1);
      assertThat(installed.out()).contains("one: INSTALLED", "two: ");
      Result examined = run(both, "doctor", "--json");
      assertThat(examined.json().get("databases").get(0).get("healthy").asBoolean()).isTrue();
      assertThat(examined.json().get("databases").get(1).get("healthy").asBoolean()).isFalse();
    }
  }

  @Test
  void refusesWhatIsMalformed() {
    assertThat(Result.of("fleet", "doctor").status()).isEqualTo(2);
    assertThat(Result.of("fleet", "doctor", "--database", "a b=" + DOWN).status()).isEqualTo(2);
    assertThat(Result.of("fleet", "dance", "--database", "a=" + DOWN).status()).isEqualTo(2);
    assertThat(Result.of("fleet", "doctor", "--database", "a=" + DOWN, "--home", "b").status())
        .isEqualTo(2);
  }

  private static Result run(String[] both, String command, String... more) {
    String[] all = new String[2 + both.length + more.length];
    all[0] = "fleet";
    all[1] = command;
    System.arraycopy(both, 0, all, 2, both.length);
    System.arraycopy(more, 0, all, 2 + both.length, more.length);
    return Result.of(all);
  }
}
