package dev.dovetable.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.examples.cli.terminal.Terminal;
import java.sql.SQLException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the commands about agents do and say, in a pipe and at a terminal. */
class AgentCommandsTest {
  private static final Terminal AT_A_TERMINAL = new Terminal(true, true, true, 80, true, false);
  private OperatorDatabase database;
  private String url;

  @BeforeEach
  void open() throws SQLException {
    database = OperatorDatabase.installed();
    url = database.url();
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void newUsersNeedANameToCreateAnAgent() {
    Result unknown = create("agt_a", "ben@crm.example", "ada@crm.example");
    assertThat(unknown.status()).isEqualTo(4);
    assertThat(unknown.err())
        .hasLineCount(1)
        .contains("--creator-name")
        .doesNotContain("crm.example");
  }

  @Test
  void anAgentIsMadeWithItsUsers() {
    Result made =
        create(
            "agt_a",
            "ben@crm.example",
            "ada@crm.example",
            "--user-name=Ben",
            "--creator-name=Ada",
            "--json");
    assertThat(made.status()).isZero();
    assertThat(made.json().get("prefix").asString()).isEqualTo("agt_a");
    String ada = made.json().get("createdBy").asString();
    assertThat(create("agt_b", "dan@crm.example", ada, "--user-name=Dan").status()).isZero();
  }

  @Test
  void whatIsTakenOrMalformedIsRefusedWithItsUser() throws SQLException {
    String ada = makeTwoAgents();

    Result taken = create("agt_a", "cleo@crm.example", ada, "--user-name=Cleo");
    assertThat(taken.status()).isEqualTo(4);
    // The user was part of the transaction.
    assertThat(database.string("select count(*) from users where name = 'Cleo'")).isEqualTo("0");
    assertThat(create("Bad", "ben@crm.example", ada).status()).isEqualTo(4);
    assertThat(create("agt_c", "nonsense", ada).status()).isEqualTo(2);
  }

  @Test
  void agentsAreListed() {
    makeTwoAgents();

    assertThat(Result.of("agents", "list", "--url", url).out().lines().map(l -> l.split(" +")[0]))
        .containsExactly("Agent", "agt_a", "agt_b");
    JsonNode list = Result.of("agents", "list", "--url", url, "--json").json().get("agents");
    assertThat(list.get(1).get("userEmail").asString()).isEqualTo("dan@crm.example");
  }

  @Test
  void sizesAreTold() throws SQLException {
    makeTwoAgents();
    makeCustomers();

    Result size = Result.of("agents", "size", "--url", url);
    assertThat(size.out().lines().map(l -> l.split(" +")[0])).startsWith("Agent", "agt_a", "agt_b");
    assertThat(size.out()).containsPattern("agt_a .* ~500 ").contains("2 agents, ");
    JsonNode top = Result.of("agents", "size", "--top", "1", "--url", url, "--json").json();
    assertThat(top.get("agents")).hasSize(1);
    assertThat(top.get("bytes").asLong())
        .isGreaterThan(top.get("agents").get(0).get("bytes").asLong());
  }

  @Test
  void deletingAsksForThePrefix() throws SQLException {
    makeTwoAgents();
    makeCustomers();

    assertThat(delete("agt_a").status()).isEqualTo(4);
    Result other = Result.on(AT_A_TERMINAL, "agt_b\n", "agents", "delete", "agt_a", "--url", url);
    assertThat(other.status()).isEqualTo(4);
    assertThat(other.err()).contains("500 customers, 0 messages");
    assertThat(database.string("select count(*) from agents")).isEqualTo("2");
    Result same = Result.on(AT_A_TERMINAL, "agt_a\n", "agents", "delete", "agt_a", "--url", url);
    assertThat(same.status()).isZero();
    assertThat(database.string("select agent_prefix from agents")).isEqualTo("agt_b");
  }

  @Test
  void deletingDoesNotAskWhoHasSaidYes() throws SQLException {
    makeTwoAgents();

    assertThat(delete("agt_a", "--yes").status()).isZero();
    assertThat(delete("agt_b", "--yes").status()).isZero();
    assertThat(delete("agt_b", "--yes").status()).isEqualTo(4);
    assertThat(database.string("select count(*) from agents")).isEqualTo("0");
  }

  /** The answer is the id of the user who made them. */
  private String makeTwoAgents() {
    Result made =
        create(
            "agt_a",
            "ben@crm.example",
            "ada@crm.example",
            "--user-name=Ben",
            "--creator-name=Ada",
            "--json");
    String ada = made.json().get("createdBy").asString();
    assertThat(create("agt_b", "dan@crm.example", ada, "--user-name=Dan").status()).isZero();
    return ada;
  }

  private void makeCustomers() throws SQLException {
    database.execute(
        "insert into agt_a_customers (agent_id, name, phone)"
            + " select id, 'C', g::text from agents, generate_series(1, 500) g"
            + " where agent_prefix = 'agt_a'; analyze agt_a_customers");
  }

  private Result create(String prefix, String user, String creator, String... more) {
    String[] arguments = {
      "agents", "create", prefix, "--url", url, "--user", user, "--creator", creator
    };
    return Result.of(concatenated(arguments, more));
  }

  private Result delete(String prefix, String... more) {
    return Result.of(concatenated(new String[] {"agents", "delete", prefix, "--url", url}, more));
  }

  private static String[] concatenated(String[] first, String[] second) {
    String[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
