package dev.dovetable.schema.database;

import static dev.dovetable.schema.database.TwoAgents.ADMIN;
import static dev.dovetable.schema.database.TwoAgents.OTHER;
import static dev.dovetable.schema.database.TwoAgents.OWNER;
import static dev.dovetable.schema.database.TwoAgents.SPARE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose an agent is, and who may change that: the same through each door. */
@FreshDatabase(TwoAgents.class)
class OwnershipTest {

  /** Made agent gamma when he was an admin, and is none any more. */
  private static final UUID CREATOR = UUID.fromString("c0000000-0000-4000-8000-00000000000c");

  private static final String GIVE = "update agents set user_id = ? where agent_prefix = 'gamma'";

  private static String gamma;
  private static Session superuser;
  private static Session session;

  @BeforeAll
  static void makeAgent(PostgresDatabase database) throws SQLException {
    superuser = new Session(database.dataSource());
    session = new Session(TwoAgents.login(database));
    TwoAgents.addUser(superuser, CREATOR, "Cre", "admin");
    session.as(CREATOR);
    gamma = session.one("select agent ->> 'id' from create_agent(?, 'gamma', ?)", SPARE, CREATOR);
    superuser.execute("update users set role = 'agent' where id = ?", CREATOR);
    superuser.execute(
        "insert into gamma_customers (agent_id, name, phone)" + " values (?::bigint, 'Carl', '1')",
        gamma);
    superuser.execute(
        "create function leave() returns void language sql security definer"
            + " as $$ delete from public.users where id = auth.uid() $$");
  }

  @AfterAll
  static void disconnect() throws SQLException {
    session.close();
    superuser.close();
  }

  @BeforeEach
  void begin() throws SQLException {
    session.begin();
  }

  @AfterEach
  void rollback() throws SQLException {
    session.rollback();
    assertThat(superuser.one("select user_id from agents where agent_prefix = 'gamma'"))
        .isEqualTo(SPARE.toString());
  }

  private static String function(UUID user) {
    return "update_agent_details(%s, '{}', '{\"user_id\": \"%s\"}')".formatted(gamma, user);
  }

  @Test
  void whoMadeAnAgentDoesNotGetAtItsData() throws SQLException {
    session.as(CREATOR);
    for (UUID user : Arrays.asList(CREATOR, OTHER, null)) {
      assertThat(session.sqlState(GIVE, user)).as("%s", user).isEqualTo("42501");
    }
    assertThat(session.sqlState("select " + function(CREATOR))).isEqualTo("42501");
    assertThat(
            session.sqlState(
                "insert into agents (agent_prefix, user_id, created_by) values ('gamma', ?, ?)"
                    + " on conflict (agent_prefix) do update set user_id = excluded.user_id",
                CREATOR,
                CREATOR))
        .isEqualTo("42501");
    assertThat(
            session.sqlState(
                "merge into agents a using users u on a.agent_prefix = 'gamma' and u.id = ?"
                    + " when matched then update set user_id = u.id",
                CREATOR))
        .isEqualTo("42501");
    assertThat(session.one("select count(*) from gamma_customers")).isEqualTo("0");
    // As specified: users manage their own agents, via created_by too.
    assertThat(session.execute("delete from agents where agent_prefix = 'gamma'")).isOne();
  }

  @Test
  void itsUserGivesItToNobody() throws SQLException {
    session.as(SPARE);
    for (UUID user : Arrays.asList(CREATOR, OWNER, null)) {
      assertThat(session.sqlState(GIVE, user)).as("%s", user).isEqualTo("42501");
    }
    assertThat(session.execute(GIVE, SPARE)).isOne();
    assertThat(session.one("select success from " + function(CREATOR))).isEqualTo("f");
  }

  @Test
  void adminsAndBackendsGiveIt() throws SQLException {
    session.as(ADMIN);
    assertThat(session.execute(GIVE, CREATOR)).isOne();
    assertThat(session.one("select success from " + function(SPARE))).isEqualTo("t");
    session.service();
    assertThat(session.execute(GIVE, CREATOR)).isOne();
    assertThat(session.execute(GIVE, (Object) null)).isOne();
    assertThat(session.one("select success from " + function(CREATOR))).isEqualTo("t");
    session.backend();
    assertThat(session.one("select success from " + function(SPARE))).isEqualTo("t");
  }

  /** A foreign key acts as the owner of its table, whoever has signed in. */
  @Test
  void whoLeavesThroughTheHostsFunctionLeavesAnAgentBehind() throws SQLException {
    session.as(SPARE);
    session.execute("select leave()");
    assertThat(session.rows("select user_id from agents where agent_prefix = 'gamma'"))
        .containsExactly(Arrays.asList((String) null));
  }

  /** Whoever holds the queue or a row holds up nobody who may not wait for it. */
  @Test
  void whoMayNotIsRefusedAtOnce() throws SQLException {
    superuser.begin();
    superuser.execute("select crm_private.enter_provisioning()");
    superuser.execute("update agents set user_id = user_id where id = 1");
    try {
      for (Actor actor : List.of(Actor.STRANGER, Actor.OTHER, Actor.WITHOUT_CLAIMS)) {
        actor.enter(session);
        // One that queued would be cancelled with another SQLSTATE.
        session.execute("set local lock_timeout = '100ms'");
        for (String call :
            List.of(
                "delete_agent(1)",
                "update_agent_details(1, '{\"name\": \"x\"}')",
                "create_agent('%s', 'delta', '%s')".formatted(CREATOR, CREATOR),
                "create_agent_tables('alpha', 1)",
                "create_agent_indexes('alpha')",
                "drop_agent_tables('alpha')")) {
          assertThat(session.sqlState("select * from " + call)).as(call).isEqualTo("42501");
        }
      }
    } finally {
      superuser.rollback();
    }
  }

  /** What was read of agents before the queue is not held in it: that would be a deadlock. */
  @Test
  void whoMayWaitsInTheQueueHoldingNothing(PostgresDatabase database) throws Exception {
    superuser.begin();
    superuser.execute("select crm_private.enter_provisioning()");
    CompletableFuture<String> deleted = new CompletableFuture<>();
    session.as(SPARE);
    int pid = session.pid();
    Thread thread =
        new Thread(
            () -> {
              try {
                deleted.complete(session.one("select success from delete_agent(?::bigint)", gamma));
              } catch (SQLException e) {
                deleted.completeExceptionally(e);
              }
            });
    thread.start();
    try {
      assertThat(database.awaitLockWait(wait -> wait.processId() == pid).lock())
          .isEqualTo("advisory");
      assertThat(
              superuser.one(
                  "select count(*) from pg_locks where relation = 'agents'::regclass and pid = ?",
                  pid))
          .isEqualTo("0");
    } finally {
      superuser.rollback();
    }
    assertThat(deleted.get(2, TimeUnit.MINUTES)).isEqualTo("t");
  }
}
