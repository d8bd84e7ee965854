package dev.dovetable.schema.server;

import static dev.dovetable.schema.database.Fleet.assertNothingOrphaned;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.database.Session;
import dev.dovetable.schema.database.TwoAgents;
import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import java.sql.SQLException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody has read agents and doesn't end the transaction, and somebody else deletes an agent. */
class StallTest {
  private PostgresDatabase database;
  private DataSource login;

  @BeforeEach
  void open() {
    database = PostgresServer.shared().createDatabase(TwoAgents.class);
    login = TwoAgents.login(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select delete_agent(1)",
        "delete from agents where id = 1",
        "select drop_agent_tables('alpha')"
      })
  void theOthersGoOnAndTheErrorNamesTheIdleSession(String deletion) throws Exception {
    try (Session idle = new Session(login);
        Session deleting = new Session(login);
        Session other = new Session(login);
        Session superuser = new Session(database.dataSource())) {
      idle.execute("set application_name = 'forgotten report'");
      idle.service().begin();
      idle.one("select count(*) from agents");
      // Whoever waits at all fails.
      other.service().execute("set lock_timeout = '1ms'");

      deleting.service();
      ExecutorService thread = Executors.newSingleThreadExecutor();
      Future<SQLException> failure = thread.submit(() -> deleting.failure(deletion));
      int statements = 0;
      while (!failure.isDone()) {
        other.execute("select * from agents");
        other.execute("select crm_private.enter_agent('alpha', false)");
        other.execute(
            "insert into beta_messages (customer_id, message, direction)"
                + " values (1, 'x', 'inbound')");
        statements++;
      }
      thread.shutdown();

      assertThat(statements).isPositive();
      assertThat(failure.get().getSQLState()).isEqualTo("55P03");
      assertThat(failure.get().getMessage())
          .contains("process " + idle.pid() + " (forgotten report, idle in transaction)");
      assertThat(superuser.one("select count(*) from alpha_customers")).isEqualTo("1");

      idle.rollback();
      assertThat(deleting.sqlState("select delete_agent(1)")).isEqualTo(Session.SUCCESS);
      assertNothingOrphaned(superuser);
    }
  }

  @Test
  void whoEndsInTimeIsWaitedFor() throws Exception {
    try (Session reading = new Session(login);
        Session deleting = new Session(login);
        Session superuser = new Session(database.dataSource())) {
      reading.service().begin();
      reading.one("select count(*) from agents");
      int pid = deleting.service().pid();
      ExecutorService thread = Executors.newSingleThreadExecutor();
      Future<String> state = thread.submit(() -> deleting.sqlState("select delete_agent(1)"));
      String event = "select wait_event from pg_stat_activity where pid = ?";
      while (!state.isDone() && !"PgSleep".equals(superuser.one(event, pid))) {
        Thread.onSpinWait();
      }
      reading.commit();
      // On a slow machine, a second has passed.
      assertThat(state.get()).isIn(Session.SUCCESS, "55P03");
      thread.shutdown();
      assertThat(deleting.one("select success from delete_agent(1)"))
          .isEqualTo(state.get().equals("55P03") ? "t" : "f");
    }
  }
}
