package dev.dovetable.schema.database.functions;

import static dev.dovetable.schema.database.TwoAgents.ADMIN;
import static dev.dovetable.schema.database.TwoAgents.OTHER;
import static dev.dovetable.schema.database.TwoAgents.OWNER;
import static dev.dovetable.schema.database.TwoAgents.SPARE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.database.Session;
import dev.dovetable.schema.database.TwoAgents;
import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A number stays its agent's, whoever was the agent's user and whatever happens meanwhile. */
@FreshDatabase(value = TwoAgents.class, perMethod = true)
class KeptNumbersTest {
  private static final String CLEAR =
      "update whatsapp_configuration set phone_number_id = null where user_id = ?";

  private static final UUID LATE = UUID.fromString("c0000000-0000-4000-8000-00000000001a");

  private static final List<String> NOT_THERE =
      Arrays.asList(
          null, "f", "agent 1 has no such number: get_agent_numbers lists those that it has");

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

  private void assertTaken(String number) throws SQLException {
    assertThat(superuser.column("select phone_number_id from get_agent_numbers(1)"))
        .contains(number);
    session.as(OTHER);
    assertThat(session.one("select success from add_agent_number(2, ?)", number)).isEqualTo("f");
  }

  @Test
  void aFormerUserGivesNothingUp() throws SQLException {
    session.as(OWNER);
    session.execute("select update_whatsapp_config(?, phone_number_id => '1')", OWNER);
    session.as(ADMIN).execute("update agents set user_id = null where id = 1");
    session.as(OWNER);
    assertThat(session.execute(CLEAR, OWNER)).isOne();
    assertTaken("1");
  }

  @Test
  void norOneWhoSavedItWhileTheAgentWentToAnother() throws SQLException {
    session.as(OWNER).begin();
    session.execute("select update_whatsapp_config(?, phone_number_id => '1')", OWNER);
    superuser.execute("update agents set user_id = ? where id = 1", SPARE);
    session.commit();
    session.as(OWNER);
    assertThat(session.execute(CLEAR, OWNER)).isOne();
    assertTaken("1");
  }

  @Test
  void aDeletedUsersAgentKeepsItsNumbers() throws SQLException {
    session.as(OWNER);
    session.execute("select update_whatsapp_config(?, phone_number_id => '1')", OWNER);
    session.execute("select add_agent_number(1, '2')");
    session.as(SPARE);
    session.execute("select create_whatsapp_config(?, '+1', 'x', null, null, '3')", SPARE);
    superuser.execute("delete from users where id in (?, ?)", OWNER, SPARE);
    assertTaken("1");
    assertTaken("2");
    assertThat(
            superuser.rows(
                "select phone_number_id, agent_id, user_id, released_at is null"
                    + " from crm_private.agent_numbers order by 1"))
        .containsExactly(
            Arrays.asList("1", "1", null, "t"),
            Arrays.asList("2", "1", null, "t"),
            Arrays.asList("3", null, SPARE.toString(), "f"));
  }

  @Test
  void whoeverUpdatesOneThatGoesToAnotherLearnsNothing(PostgresDatabase database) throws Exception {
    superuser.execute("select add_agent_number(1, '1')");
    superuser.begin();
    superuser.execute("select remove_agent_number(1, '1')");
    superuser.execute("select add_agent_number(2, '1', '+2', 'waba of beta', 'label of beta')");
    session.as(OWNER);
    assertThat(meanwhile(database, "select * from update_agent_number(1, '1', label => 'mine')"))
        .containsExactly(NOT_THERE);
    assertThat(superuser.column("select label from get_agent_numbers(2)"))
        .containsExactly("label of beta");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoeverMovesOneThatIsGivenUpMovesNothing(boolean isConfigured, PostgresDatabase database)
      throws Exception {
    session.as(OWNER);
    session.execute(
        isConfigured
            ? "select create_whatsapp_config('%s', '+1', 'https://x', null, null, '1')"
                .formatted(OWNER)
            : "select add_agent_number(1, '1')");
    superuser.begin();
    superuser.execute("select remove_agent_number(1, '1')");
    session.as(ADMIN);
    assertThat(meanwhile(database, "select * from move_agent_number(1, '1', 2)"))
        .containsExactly(NOT_THERE);
    assertThat(superuser.column("select phone_number_id from get_agent_numbers(2)")).isEmpty();
  }

  @Test
  void whoeverAddsOneThatAnAgentIsMadeForIsRefused(PostgresDatabase database) throws Exception {
    session.as(SPARE);
    session.execute("select create_whatsapp_config(?, '+1', 'x', null, null, '1')", SPARE);
    superuser.begin();
    superuser.execute("select create_agent(?, 'gamma', ?)", SPARE, ADMIN);
    session.as(OTHER);
    assertThat(meanwhile(database, "select success from add_agent_number(2, '1')"))
        .containsExactly(List.of("f"));
    assertThat(
            superuser.column(
                "select a.agent_prefix from agents a join crm_private.agent_numbers n on n.agent_id = a.id"))
        .containsExactly("gamma");
  }

  @Test
  void soIsWhoeverAddsOneThatANewAgentGets(PostgresDatabase database) throws Exception {
    superuser.begin();
    superuser.execute("select create_agent(?, 'gamma', ?)", SPARE, ADMIN);
    superuser.execute(
        "select add_agent_number(a.id, '1') from agents a where a.agent_prefix = 'gamma'");
    session.as(OTHER);
    assertThat(meanwhile(database, "select success from add_agent_number(2, '1')"))
        .containsExactly(List.of("f"));
  }

  @Test
  void whoeverGivesUpOneThatIsMovedIsTold(PostgresDatabase database) throws Exception {
    superuser.execute("select add_agent_number(1, '1')");
    superuser.begin();
    superuser.execute("select move_agent_number(1, '1', 2)");
    session.as(OWNER);
    assertThat(meanwhile(database, "select success from remove_agent_number(1, '1')"))
        .containsExactly(List.of("f"));
    assertThat(superuser.column("select phone_number_id from get_agent_numbers(2)"))
        .containsExactly("1");
  }

  @Test
  void whoeverNamesOneThatAnotherWithoutAgentNamesChangesNothing() throws SQLException {
    session.as(SPARE);
    session.execute("select create_whatsapp_config(?, '+1', 'x', null, null, '1')", SPARE);
    TwoAgents.addUser(superuser, LATE, "Late", "agent");
    session.as(LATE);
    session.execute("select create_whatsapp_config(?, '+1', 'x', null, null, '1')", LATE);
    assertThat(session.execute(CLEAR, LATE)).isOne();
    assertThat(
            superuser.rows(
                "select user_id, since is null, released_at is null from crm_private.agent_numbers"))
        .containsExactly(List.of(SPARE.toString(), "t", "t"));
  }

  @Test
  void savingAConfigurationWithoutItGivesNothingUp() throws SQLException {
    session.as(OWNER);
    session.execute("select create_whatsapp_config(?, '+1', 'x', null, null, '1')", OWNER);
    session.execute("select create_whatsapp_config(?, '+1', 'y')", OWNER);
    assertTaken("1");
  }

  /** What a query gives that waits for what the superuser does, and goes on when that is done. */
  private List<List<String>> meanwhile(PostgresDatabase database, String query) throws Exception {
    int pid = session.pid();
    CompletableFuture<List<List<String>>> outcome = new CompletableFuture<>();
    new Thread(
            () -> {
              try {
                outcome.complete(session.rows(query));
              } catch (SQLException e) {
                outcome.completeExceptionally(e);
              }
            })
        .start();
    database.awaitLockWait(wait -> wait.processId() == pid);
    superuser.commit();
    return outcome.get(2, TimeUnit.MINUTES);
  }

  @Test
  void anotherInTheConfigurationKeepsWhatItIsCalledAndStaysPaused() throws SQLException {
    session.as(OWNER);
    session.execute(
        "select create_whatsapp_config(?, '+1', 'https://x', null, 'waba 1', '1')", OWNER);
    session.execute("select add_agent_number(1, '2', '+2', 'waba 2', 'Repairs')");
    session.execute("select add_agent_number(1, '3')");
    session.execute("select update_agent_number(1, '2', is_active => false)");
    String configured =
        "select whatsapp_number, business_account_id from whatsapp_configuration where user_id = ?";

    session.execute("select update_whatsapp_config(?, phone_number_id => '2')", OWNER);
    assertThat(session.rows(configured, OWNER)).containsExactly(List.of("+2", "waba 2"));
    session.execute("update whatsapp_configuration set phone_number_id = '3' where true");
    session.execute("update whatsapp_configuration set phone_number_id = '1' where true");
    assertThat(
            session.rows(
                "select phone_number_id, display_number, business_account_id, label, is_active"
                    + " from get_agent_numbers(1)"))
        .containsExactly(
            Arrays.asList("1", "+1", "waba 1", null, "t"),
            List.of("2", "+2", "waba 2", "Repairs", "f"),
            Arrays.asList("3", null, null, null, "t"));
    session.execute(
        "select update_whatsapp_config(?, '+5', phone_number_id => '3', is_active => false)",
        OWNER);
    assertThat(session.rows("select display_number, is_active from get_agent_numbers(1)"))
        .contains(List.of("+5", "f"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"   ", "\t", "\u200b", "2 ", "2\n", "z\u00e4hler"})
  void whatLooksLikeAnotherIdOrNoneIsRefusedAtEachDoor(String id) throws SQLException {
    session.as(OWNER);
    for (String call :
        List.of(
            "add_agent_number(1, ?)",
            "create_whatsapp_config('" + OWNER + "', '+1', 'x', null, null, ?)",
            "update_whatsapp_config('" + OWNER + "', phone_number_id => ?)")) {
      List<String> answer = session.rows("select success, message from " + call, id).get(0);
      assertThat(answer.get(0)).as(call).isEqualTo("f");
      assertThat(answer.get(1)).as(call).contains("phone_number_id");
    }
    String plain = "update whatsapp_configuration set phone_number_id = '" + id + "' where true";
    assertThat(session.sqlState(plain)).isEqualTo("23514");
    assertThat(superuser.column("select phone_number_id from get_agent_numbers(1)")).isEmpty();

    // What an older installation has let in stays, and changes that leave it as it is work.
    superuser.execute("alter table whatsapp_configuration disable trigger keep_number");
    assertThat(superuser.execute(plain + " and user_id = '" + OWNER + "'")).isOne();
    superuser.execute("alter table whatsapp_configuration enable trigger keep_number");
    assertThat(session.one("select success from update_whatsapp_config(?, '+9')", OWNER))
        .isEqualTo("t");
    assertThat(session.one("select success from update_agent_number(1, ?, label => 'x')", id))
        .isEqualTo("t");
    assertThat(session.one("select success from remove_agent_number(1, ?)", id)).isEqualTo("t");
  }
}
