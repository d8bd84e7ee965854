package dev.dovetable.schema.database;

import static dev.dovetable.schema.database.Fleet.assertNothingOrphaned;
import static dev.dovetable.schema.database.TwoAgents.ADMIN;
import static dev.dovetable.schema.database.TwoAgents.OTHER;
import static dev.dovetable.schema.database.TwoAgents.SPARE;
import static dev.dovetable.schema.database.TwoAgents.addAgent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.database.Clients.Pending;
import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Agents are made and deleted by many at once, while others are reading. */
class ProvisioningConcurrencyTest {

  private static final String BUSY = "55P03";

  private PostgresDatabase database;
  private DataSource login;
  private Session owner;

  @BeforeEach
  void open() throws SQLException {
    database = PostgresServer.shared().createDatabase(TwoAgents.class);
    login = TwoAgents.login(database);
    owner = new Session(database.dataSource());
  }

  @AfterEach
  void close() throws SQLException {
    try {
      assertNothingOrphaned(owner);
    } finally {
      owner.close();
      database.close();
    }
  }

  @Test
  void eightClientsMakeEightyAgents() throws Exception {
    List<SQLException> failures =
        Clients.run(
            8,
            login,
            (session, client) -> {
              session.service();
              for (int i = 0; i < 10; i++) {
                addAgent(session, "c" + client + "_" + i);
              }
            });
    assertThat(failures).isEmpty();
    assertThat(Fleet.ids(owner)).hasSize(82);

    try (Session session = new Session(login)) {
      session.service().begin();
      session.execute("select delete_agent(1)");
      assertThat(
              Integer.parseInt(
                  session.one("select count(*) from pg_locks where pid = pg_backend_pid()")))
          .as("locks of one deletion among 82 agents")
          .isLessThan(300);
      session.rollback();
    }
  }

  @Test
  void samePrefixIsGivenOnce() throws Exception {
    Set<String> won = ConcurrentHashMap.newKeySet();
    List<SQLException> failures =
        Clients.run(
            6,
            login,
            (session, client) -> {
              session.service();
              UUID user = UUID.randomUUID();
              TwoAgents.addUser(session, user, "u" + client, "agent");
              if (session
                  .one("select success from create_agent(?, 'gamma', ?)", user, ADMIN)
                  .equals("t")) {
                won.add("prefix " + client);
              }
              if (session
                  .one("select success from create_agent(?, ?, ?)", SPARE, "p" + client, ADMIN)
                  .equals("t")) {
                won.add("user " + client);
              }
            });
    assertThat(failures).isEmpty();
    assertThat(won).hasSize(2);
  }

  @Test
  void sameAgentIsDeletedOnce() throws Exception {
    Set<Integer> won = ConcurrentHashMap.newKeySet();
    List<SQLException> failures =
        Clients.run(
            6,
            login,
            (session, client) -> {
              session.service();
              if (session.one("select success from delete_agent(1)").equals("t")) {
                won.add(client);
              }
            });
    assertThat(failures).isEmpty();
    assertThat(won).hasSize(1);
  }

  @Test
  void plainStatementsAreRefusedButNeverDeadlock() throws Exception {
    for (int i = 0; i < 8; i++) {
      addAgent(owner, "old_" + i);
    }
    List<Long> old = Fleet.ids(owner);
    List<SQLException> failures =
        Clients.run(
            8,
            login,
            (session, client) -> {
              session.service();
              UUID user = UUID.randomUUID();
              TwoAgents.addUser(session, user, "plain" + client, "agent");
              for (int i = 0; i < 6; i++) {
                String state =
                    switch (client % 4) {
                      case 0 ->
                          session.sqlState(
                              "select create_agent(?, ?, ?)", user, "f" + client, ADMIN);
                      case 1 -> session.sqlState("select delete_agent(?)", old.get(client));
                      case 2 ->
                          session.sqlState(
                              "insert into agents (agent_prefix, user_id, created_by) values (?, ?, ?)",
                              "p" + client,
                              user,
                              ADMIN);
                      default ->
                          session.sqlState("delete from agents where id = ?", old.get(client));
                    };
                assertThat(state).isIn(Session.SUCCESS, BUSY, "23505");
                assertThat(client % 4 < 2 && !state.equals(Session.SUCCESS))
                    .as("function: " + state)
                    .isFalse();
              }
            });
    assertThat(failures).isEmpty();
  }

  @Test
  void plainStatementIsToldToTryAgainWhileAFunctionIsAtWork() throws Exception {
    try (Session function = new Session(login);
        Session plain = new Session(login)) {
      // What create_agent() takes first, before any lock on agents.
      function.begin();
      owner.begin();
      owner.execute("select crm_private.enter_provisioning()");
      plain.service();
      for (String statement :
          List.of(
              "insert into agents (agent_prefix, created_by) values ('two', '%s')".formatted(ADMIN),
              "delete from agents where id = 1")) {
        SQLException failure = plain.failure(statement);
        assertThat(failure.getSQLState()).isEqualTo(BUSY);
        assertThat(failure.getMessage()).contains("create_agent()", "delete_agent()");
      }
      // The functions wait instead.
      function.service();
      try (Pending pending = Clients.waiting(database, function, "select delete_agent(1)")) {
        owner.commit();
        assertThat(pending.sqlState()).isEqualTo(Session.SUCCESS);
      }
      function.commit();
    }
    assertThat(Fleet.ids(owner)).containsExactly(2L);
  }

  @Test
  void transactionThatHasReadAgentsIsNotLeftWaitingForTheQueue() throws Exception {
    try (Session one = new Session(login);
        Session two = new Session(login)) {
      one.service().begin();
      assertThat(one.one("select success from create_agent(?, 'one', ?)", SPARE, ADMIN))
          .isEqualTo("t");
      two.service().begin();
      two.one("select count(*) from agents");
      assertThat(two.sqlState("select delete_agent(1)")).isEqualTo(BUSY);
      assertThat(two.sqlState("select create_agent(?, 'two', ?)", OTHER, ADMIN)).isEqualTo(BUSY);
      two.rollback();
      one.rollback();
    }
  }

  @Test
  void deletionGivesWayToReadersAndSucceedsOnceTheyAreGone() throws Exception {
    Map<String, String> deletions =
        Map.of(
            "select * from agents", "select delete_agent(1)",
            "select * from beta_customers", "delete from agents where id = 1",
            "select * from alpha_orders", "select drop_agent_tables('alpha')");
    for (Map.Entry<String, String> pair : deletions.entrySet()) {
      try (Session reader = new Session(login);
          Session session = new Session(login)) {
        reader.as(ADMIN).begin();
        reader.execute(pair.getKey());
        session.service();
        assertThat(session.sqlState(pair.getValue())).as(pair.toString()).isEqualTo(BUSY);
        assertThat(session.one("show lock_timeout")).isEqualTo("30s");
        assertThat(session.one("show session_replication_role")).isEqualTo("origin");
        // Making an agent needs no such lock.
        session.begin();
        assertThat(session.one("select success from create_agent(?, 'gamma', ?)", SPARE, ADMIN))
            .isEqualTo("t");
        session.rollback();
        reader.commit();
        session.begin();
        assertThat(session.sqlState(pair.getValue())).isEqualTo(Session.SUCCESS);
        session.rollback();
      }
    }
  }

  /** The deletion would get the agent's tables first, and the reader wait for these. */
  @Test
  void readerGoesOnWhileADeletionWaitsForIt() throws Exception {
    try (Session reader = new Session(login);
        Session session = new Session(login)) {
      reader.as(ADMIN).begin();
      session.service();
      reader.execute("select * from agents");
      try (Pending deletion = new Pending(session, "select delete_agent(1)");
          Pending reading = new Pending(reader, "select * from alpha_customers")) {
        assertThat(reading.sqlState()).isEqualTo(Session.SUCCESS);
        assertThat(deletion.sqlState()).isEqualTo(BUSY);
      }
      reader.rollback();
      session.execute("select delete_agent(1)");
    }
  }
}
