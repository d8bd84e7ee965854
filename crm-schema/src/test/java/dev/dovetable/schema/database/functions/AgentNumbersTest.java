package dev.dovetable.schema.database.functions;

import static dev.dovetable.schema.database.TwoAgents.ADMIN;
import static dev.dovetable.schema.database.TwoAgents.OTHER;
import static dev.dovetable.schema.database.TwoAgents.OWNER;
import static dev.dovetable.schema.database.TwoAgents.SPARE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.database.Actor;
import dev.dovetable.schema.database.Session;
import dev.dovetable.schema.database.TwoAgents;
import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An agent's numbers, beside that of its user's configuration, and in step with it. */
@FreshDatabase(value = TwoAgents.class, perMethod = true)
class AgentNumbersTest {
  private static final String ADD = "select success from add_agent_number(%s, '%s')";
  private static final String SAVE =
      "select success from create_whatsapp_config('%s', '+1', 'https://x', null, 'waba', '%s')";

  private Session superuser;
  private Session session;

  @BeforeEach
  void open(PostgresDatabase database) throws SQLException {
    superuser = new Session(database.dataSource());
    session = new Session(TwoAgents.login(database));
  }

  @AfterEach
  void close() throws SQLException {
    session.close();
    superuser.close();
  }

  private void assertSays(String success, String call) throws SQLException {
    assertThat(session.one(call)).as(call).isEqualTo(success);
  }

  private List<String> numbers(long agent) throws SQLException {
    return superuser.column("select phone_number_id from get_agent_numbers(?)", agent);
  }

  private String configured(UUID user) throws SQLException {
    return superuser.one(
        "select phone_number_id from whatsapp_configuration where user_id = ?", user);
  }

  @Test
  void anAgentHasAsManyAsItNeeds() throws SQLException {
    session.as(OWNER);
    assertSays("t", SAVE.formatted(OWNER, "1"));
    assertThat(
            session.one(
                "select number from add_agent_number(agent_id => 1, phone_number_id => '2',"
                    + " display_number => '+2', business_account_id => 'waba', label => 'Repairs')"))
        .contains("\"label\": \"Repairs\"", "\"is_active\": true", "\"phone_number_id\": \"2\"")
        .doesNotContain("released_at", "user_id");
    assertThat(session.rows("select * from get_agent_numbers(1)"))
        .containsExactly(
            Arrays.asList("1", "+1", "waba", null, "t", null),
            Arrays.asList("2", "+2", "waba", "Repairs", "t", null));
    assertSays("f", ADD.formatted(1, "2"));
    assertSays("f", ADD.formatted(1, " "));
    assertSays("f", ADD.formatted(1, "3".repeat(101)));
    session.as(ADMIN);
    assertSays("f", ADD.formatted(77, "3"));
  }

  @Test
  void takenIsTakenAndNobodyLearnsWhose() throws SQLException {
    session.as(OWNER);
    assertSays("t", ADD.formatted(1, "1"));
    assertSays("t", "select success from update_agent_number(1, '1', is_active => false)");
    session.as(OTHER);
    for (String call :
        List.of(
            "add_agent_number(2, '1')",
            "create_whatsapp_config('" + OTHER + "', '+1', 'https://x', null, null, '1')",
            "update_whatsapp_config('" + OTHER + "', phone_number_id => '1')")) {
      List<String> answer = session.rows("select success, message from " + call).get(0);
      assertThat(answer.get(0)).as(call).isEqualTo("f");
      assertThat(answer.get(1))
          .contains("another agent's", "remove_agent_number", "an admin moves it")
          .doesNotContain("alpha", OWNER.toString());
    }
    assertThat(numbers(2)).isEmpty();
  }

  @Test
  void ownersManageMembersReadAndOthersDoNeither() throws SQLException {
    superuser.execute("select add_agent_number(1, '1'), add_agent_member(1, ?)", SPARE);
    for (Actor actor : List.of(Actor.OWNER, Actor.ADMIN, Actor.SERVICE, Actor.BACKEND)) {
      actor.enter(session);
      assertSays("t", ADD.formatted(1, "2"));
      assertSays("t", "select success from update_agent_number(1, '2', label => 'x')");
      assertSays("2", "select count(*) from get_agent_numbers(1)");
      assertSays("t", "select success from remove_agent_number(1, '2')");
      assertSays("f", "select success from remove_agent_number(1, '2')");
      assertSays("f", "select success from update_agent_number(1, '2', label => 'x')");
    }
    session.as(SPARE);
    assertSays("1", "select count(*) from get_agent_numbers(1)");
    List<String> writes =
        List.of(
            "add_agent_number(1, '2')",
            "update_agent_number(1, '1', label => 'x')",
            "remove_agent_number(1, '1')",
            "move_agent_number(1, '1', 2)");
    for (String call : writes) {
      assertThat(session.sqlState("select " + call)).as(call).isEqualTo("42501");
    }
    assertThat(session.as(OWNER).sqlState("select " + writes.get(3))).isEqualTo("42501");
    for (Actor actor : List.of(Actor.OTHER, Actor.STRANGER, Actor.WITHOUT_CLAIMS, Actor.ANON)) {
      actor.enter(session);
      for (String call : writes) {
        assertThat(session.sqlState("select " + call)).as("%s %s", actor, call).isEqualTo("42501");
      }
      assertThat(session.sqlState("select get_agent_numbers(1)")).isEqualTo("42501");
    }
  }

  @Test
  void anotherNumberInTheConfigurationLeavesTheAgentBoth() throws SQLException {
    session.as(OWNER);
    assertSays("t", SAVE.formatted(OWNER, "1"));
    assertSays("t", SAVE.formatted(OWNER, "2"));
    assertThat(numbers(1)).containsExactly("1", "2");
    session.execute("select update_whatsapp_config(?, phone_number_id => '')", OWNER);
    assertThat(numbers(1)).containsExactly("1");
    session.as(OTHER);
    assertSays("f", SAVE.formatted(OTHER, "1"));
    assertSays("t", SAVE.formatted(OTHER, "2"));
    session.execute("delete from whatsapp_configuration where user_id = ?", OTHER);
    assertThat(numbers(2)).isEmpty();
  }

  @Test
  void configurationsAndNumbersAreInStep() throws SQLException {
    session.as(OWNER);
    assertSays("t", SAVE.formatted(OWNER, "1"));
    session.execute(
        "select update_agent_number(1, '1', display_number => '+9', business_account_id => 'b')");
    assertThat(
            superuser.rows(
                "select whatsapp_number, business_account_id from whatsapp_configuration"
                    + " where user_id = ?",
                OWNER))
        .containsExactly(List.of("+9", "b"));
    session.execute("select update_whatsapp_config(?, whatsapp_number => '+8')", OWNER);
    assertSays("+8", "select display_number from get_agent_numbers(1)");

    // Paused by the configuration; and alone, which other changes of the configuration leave so.
    String isActive = "select is_active from get_agent_numbers(1)";
    session.execute("select delete_whatsapp_config(?)", OWNER);
    assertSays("f", isActive);
    session.execute("select update_whatsapp_config(?, is_active => true)", OWNER);
    assertSays("t", isActive);
    session.execute("select update_agent_number(1, '1', is_active => false)");
    session.execute("select update_whatsapp_config(?, webhook_url => 'https://y')", OWNER);
    assertSays("f", isActive);
    assertSays("t", "select success from get_whatsapp_config('" + OWNER + "')");

    assertSays("t", "select success from remove_agent_number(1, '1')");
    assertThat(configured(OWNER)).isNull();
  }

  @Test
  void adminsMoveOne() throws SQLException {
    session.as(OWNER);
    assertSays("t", SAVE.formatted(OWNER, "1"));
    session.execute("select update_agent_number(1, '1', label => 'Shop')");
    session.as(ADMIN);
    assertSays("f", "select success from move_agent_number(1, '1', 77)");
    assertSays("f", "select success from move_agent_number(2, '1', 1)");
    assertSays(
        "Shop", "select number ->> 'label' from move_agent_number(1, '1', new_agent_id => 2)");
    assertThat(numbers(1)).isEmpty();
    assertThat(numbers(2)).containsExactly("1");
    assertThat(configured(OWNER)).isNull();
    assertSays("f", "select success from move_agent_number(1, '1', 2)");
  }

  @Test
  void aNewAgentGetsTheNumberOfItsUsersConfiguration() throws SQLException {
    session.as(SPARE);
    assertSays("t", SAVE.formatted(SPARE, "1"));
    session.as(ADMIN);
    assertThat(session.one("select message from create_agent(?, 'gamma', ?)", SPARE, ADMIN))
        .isEqualTo("agent gamma created with its tables");
    assertThat(
            superuser.column(
                "select n.phone_number_id from agents a, get_agent_numbers(a.id) n"
                    + " where a.agent_prefix = 'gamma'"))
        .containsExactly("1");
  }

  @Test
  void orIsToldThatItIsTaken() throws SQLException {
    session.as(SPARE);
    assertSays("t", SAVE.formatted(SPARE, "1"));
    session.as(OWNER);
    assertSays("t", ADD.formatted(1, "1"));
    session.as(ADMIN);
    assertThat(
            session.one(
                "select message from create_agent(?, 'gamma', ?) where success", SPARE, ADMIN))
        .contains("without the number", "another agent's");
    assertThat(numbers(1)).containsExactly("1");
    assertThat(configured(SPARE)).isEqualTo("1");
    session.as(SPARE);
    assertSays("f", SAVE.formatted(SPARE, "1"));
    assertSays("t", "select success from update_whatsapp_config('%s', '+7')".formatted(SPARE));
  }

  @Test
  void soIsWhoGivesAnAgentAnotherUser() throws SQLException {
    session.as(SPARE);
    assertSays("t", SAVE.formatted(SPARE, "1"));
    session.as(OWNER);
    assertSays("t", ADD.formatted(1, "1"));
    session.as(ADMIN);
    assertThat(
            session.one(
                "select message from update_agent_details(2, agent_updates => jsonb_build_object('user_id', ?::text)) where success",
                SPARE))
        .contains("agent beta updated, but without the number", "another agent's");
    assertThat(numbers(1)).containsExactly("1");
    assertThat(numbers(2)).isEmpty();
  }

  @Test
  void aDeletedAgentsNumbersAreFreeOnEveryPath() throws SQLException {
    for (String deletion : List.of("select delete_agent(%s)", "delete from agents where id = %s")) {
      long id = TwoAgents.addAgent(superuser, SPARE, "gamma");
      session.as(SPARE);
      assertSays("t", SAVE.formatted(SPARE, "1"));
      assertSays("t", ADD.formatted(id, "2"));
      superuser.execute(deletion.formatted(id));
      assertThat(
              superuser.rows(
                  "select phone_number_id, is_active from whatsapp_configuration"
                      + " where user_id = ?",
                  SPARE))
          .containsExactly(List.of("1", "f"));
      session.as(OTHER);
      assertSays("t", SAVE.formatted(OTHER, "1"));
      assertSays("t", ADD.formatted(2, "2"));
      superuser.execute("select remove_agent_number(2, n) from unnest(array['1', '2']) n");
    }
  }

  @Test
  void numbersStayTheAgentsWhoeverItsUserIs() throws SQLException {
    session.as(OWNER);
    assertSays("t", SAVE.formatted(OWNER, "1"));
    session.as(SPARE);
    assertSays("t", SAVE.formatted(SPARE, "2"));
    session.as(ADMIN);
    session.execute("update agents set user_id = ? where id = 1", SPARE);
    assertThat(numbers(1)).containsExactly("1", "2");
    // Whose it was gives up nothing.
    session.as(OWNER);
    session.execute("update whatsapp_configuration set phone_number_id = null where true");
    assertThat(numbers(1)).containsExactly("1", "2");
  }

  @Test
  void anAnswerGoesThroughTheWantedNumberElseTheConfiguredElseAnother() throws SQLException {
    session.as(OWNER);
    String ask = "select crm_private.number_for_answer(1, '%s')";
    assertSays(null, ask.formatted("1"));
    for (String number : List.of("1", "3")) {
      assertSays("t", ADD.formatted(1, number));
    }
    assertSays("t", SAVE.formatted(OWNER, "2"));
    assertSays("3", ask.formatted("3"));
    assertSays("2", ask.formatted("9"));
    assertSays("2", "select crm_private.number_for_answer(1, null)");
    session.execute("select update_agent_number(1, '2', is_active => false)");
    assertSays("1", ask.formatted("2"));
    session.as(OTHER);
    assertThat(session.sqlState(ask.formatted("1"))).isEqualTo("42501");
  }
}
