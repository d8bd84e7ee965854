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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A number stays its agent's, whoever was the agent's user and whatever happens meanwhile. */
@FreshDatabase(value = TwoAgents.class, perMethod = true)
class KeptNumbersTest {
  private static final String CLEAR =
      "update whatsapp_configuration set phone_number_id = null where user_id = ?";

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
    int pid = session.pid();
    CompletableFuture<List<List<String>>> outcome = new CompletableFuture<>();
    new Thread(
            () -> {
              try {
                outcome.complete(
                    session.rows("select * from update_agent_number(1, '1', label => 'mine')"));
              } catch (SQLException e) {
                outcome.completeExceptionally(e);
              }
            })
        .start();
    database.awaitLockWait(wait -> wait.processId() == pid);
    superuser.commit();
    assertThat(outcome.get(60, TimeUnit.SECONDS))
        .containsExactly(
            Arrays.asList(
                null,
                "f",
                "agent 1 has no such number: get_agent_numbers lists those that it has"));
    assertThat(superuser.column("select label from get_agent_numbers(2)"))
        .containsExactly("label of beta");
  }
}
