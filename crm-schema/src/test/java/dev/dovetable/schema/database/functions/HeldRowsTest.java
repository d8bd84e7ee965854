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
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What users hold in transactions that stay open doesn't keep others from theirs for long. */
@FreshDatabase(value = TwoAgents.class, perMethod = true)
class HeldRowsTest {
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private Session holding;
  private Session acting;

  @BeforeEach
  void open(PostgresDatabase database) throws SQLException {
    DataSource login = TwoAgents.login(database);
    holding = new Session(login);
    acting = new Session(login);
    // Whoever waits for as long as the queue of those who make agents allows, ends by this instead.
    acting.execute("set statement_timeout = '20s'");
  }

  @AfterEach
  void close() throws SQLException {
    holding.close();
    acting.close();
  }

  private void hold(UUID user, String sql) throws SQLException {
    holding.as(user).begin().execute(sql);
  }

  @Test
  void whoNamedANumberFirstHoldsUpNobodyWhoHasIt() throws SQLException {
    for (UUID user : List.of(SPARE, OWNER)) {
      acting.as(user).execute("select create_whatsapp_config(?, '+1', 'x', null, null, '1')", user);
    }
    acting.as(OWNER).execute("select add_agent_number(1, '2')");
    hold(SPARE, "select from whatsapp_configuration where user_id = '" + SPARE + "' for update");

    acting.execute("set lock_timeout = '5s'");
    acting.as(ADMIN);
    assertThat(acting.one("select success from move_agent_number(1, '1', 2)")).isEqualTo("t");
    assertThat(acting.one("select success from move_agent_number(2, '1', 1)")).isEqualTo("t");
    acting.as(OWNER);
    assertThat(acting.one("select success from remove_agent_number(1, '1')")).isEqualTo("t");
  }

  @Test
  void aConfigurationHoldsUpNoDeletion() throws SQLException {
    hold(OWNER, "select from whatsapp_configuration where user_id = auth.uid() for update");
    assertRefused("select delete_agent(1)");
  }

  @Test
  void norTheCreationOfItsUsersAgent() throws SQLException {
    hold(SPARE, "select create_whatsapp_config(auth.uid(), '+1', 'x')");
    assertRefused("select create_agent('%s', 'gamma', '%s')".formatted(SPARE, ADMIN));
  }

  @Test
  void norDoesAnotherAgentsUser() throws SQLException {
    hold(OTHER, "update agents set user_id = user_id where id = 2");
    assertRefused("select create_agent('%s', 'gamma', '%s')".formatted(SPARE, ADMIN));
  }

  /** All others who make or delete agents queue behind this one. */
  private void assertRefused(String sql) throws SQLException {
    assertThat(acting.as(ADMIN).sqlState(sql)).isEqualTo(LOCK_NOT_AVAILABLE);
  }

  @Test
  void whoRemovesAMemberThatIsLeavingForEverIsToldWhoHoldsIt() throws SQLException {
    acting.as(OWNER).execute("select add_agent_member(1, ?)", SPARE);
    hold(SPARE, "select remove_agent_member(1, '" + SPARE + "')");
    SQLException failure = acting.failure("select remove_agent_member(1, ?)", SPARE);
    assertThat(failure.getMessage()).contains("process " + holding.pid());
    assertThat(failure.getSQLState()).isEqualTo(LOCK_NOT_AVAILABLE);
    holding.rollback();
    assertThat(acting.one("select success from remove_agent_member(1, ?)", SPARE)).isEqualTo("t");
  }

  @Test
  void aMemberWhoBecomesTheUserKeepsTheirConversations(PostgresDatabase database)
      throws SQLException {
    try (Session superuser = new Session(database.dataSource())) {
      // What the extension inbox makes for an agent.
      superuser.execute("create table public.released (user_id uuid)");
      superuser.execute(
          "create function crm_private.alpha_conversations_release(uuid) returns void language sql"
              + " as 'insert into public.released values ($1)'");
      superuser.execute(
          "comment on function crm_private.alpha_conversations_release(uuid) is 'Function of agent 1.'");
      superuser.execute("select add_agent_member(1, ?)", SPARE);
      superuser.execute("update agents set user_id = ? where id = 1", SPARE);
      assertThat(superuser.column("select user_id from public.released"))
          .containsExactly(OWNER.toString());
      superuser.execute("select add_agent_member(1, ?)", OWNER);
      superuser.execute("select remove_agent_member(1, ?)", OWNER);
      superuser.execute("update agents set user_id = null where id = 1");
      assertThat(superuser.column("select user_id from public.released"))
          .containsExactly(OWNER.toString(), OWNER.toString(), SPARE.toString());
    }
  }

  @Test
  void anAgentHasAHundredNumbersAtMost() throws SQLException {
    acting.as(OWNER);
    String added =
        "select count(*) from generate_series(1, 101) g, add_agent_number(1, 'n' || g) a where a.success";
    assertThat(acting.one(added)).isEqualTo("100");
    String refusal =
        "the agent has 100 numbers, active or not, which is the most: give one up first, by"
            + " remove_agent_number()";
    List<String> refused = List.of("f", refusal);
    for (String call :
        List.of(
            "add_agent_number(1, 'more')",
            "update_whatsapp_config('" + OWNER + "', phone_number_id => 'more')",
            "create_whatsapp_config('" + OWNER + "', '+1', 'x', null, null, 'more')")) {
      assertThat(acting.rows("select success, message from " + call))
          .as(call)
          .containsExactly(refused);
    }
    String plain = "update whatsapp_configuration set phone_number_id = 'more' where true";
    assertThat(acting.sqlState(plain)).isEqualTo("23514");

    // Those that it has are changed as ever, paused or not.
    assertThat(
            acting.one(
                "select success from update_whatsapp_config(?, phone_number_id => 'n7')", OWNER))
        .isEqualTo("t");
    assertThat(acting.one("select success from create_whatsapp_config(?, '+5', 'y')", OWNER))
        .isEqualTo("t");
    assertThat(acting.one("select success from remove_agent_number(1, 'n7')")).isEqualTo("t");
    assertThat(acting.execute(plain)).isOne();
    assertThat(acting.one("select count(*) from get_agent_numbers(1)")).isEqualTo("100");
  }
}
