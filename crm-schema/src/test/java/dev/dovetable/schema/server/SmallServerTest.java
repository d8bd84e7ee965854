package dev.dovetable.schema.server;

import static dev.dovetable.schema.database.Fleet.assertNothingOrphaned;
import static dev.dovetable.schema.database.TwoAgents.addAgent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.database.Clients;
import dev.dovetable.schema.database.Fleet;
import dev.dovetable.schema.database.Session;
import dev.dovetable.schema.database.TwoAgents;
import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** A server whose lock table has room for 480 entries, and whose agents reference each other's. */
class SmallServerTest {

  @Test
  void bears240AgentsAndTheirDeletion() throws Exception {
    try (PostgresServer server =
            PostgresServer.builder()
                .setting("max_connections", "20")
                .setting("max_locks_per_transaction", "24")
                .start();
        PostgresDatabase database = server.createDatabase(TwoAgents.class);
        Session owner = new Session(database.dataSource())) {
      DataSource login = TwoAgents.login(database);
      owner.execute("select delete_agent(1)");
      owner.execute("select delete_agent(2)");
      assertThat(
              Clients.run(
                  4,
                  login,
                  (session, client) -> {
                    session.service();
                    for (int i = 0; i < 60; i++) {
                      addAgent(session, "c" + client + "_" + i);
                    }
                  }))
          .isEmpty();
      List<Long> ids = Fleet.ids(owner);
      assertThat(ids).hasSize(240);

      try (Session session = new Session(login)) {
        session.service();
        assertThat(session.one("select success from delete_agent(?)", ids.get(100))).isEqualTo("t");
        session.begin();
        session.execute("select delete_agent(?)", ids.get(101));
        assertThat(
                Integer.parseInt(
                    session.one("select count(*) from pg_locks where pid = pg_backend_pid()")))
            .isLessThan(300);
        session.rollback();
      }

      List<SQLException> failures =
          Clients.run(
              6,
              login,
              (session, client) -> {
                session.service();
                if (client < 4) {
                  for (int i = client; i < 59; i += 4) {
                    assertThat(session.one("select success from delete_agent(?)", ids.get(i)))
                        .isEqualTo("t");
                  }
                } else {
                  for (int i = 0; i < 10; i++) {
                    addAgent(session, "new_" + client + "_" + i);
                  }
                }
              });
      assertThat(failures).isEmpty();
      assertThat(Fleet.ids(owner)).hasSize(240 - 1 - 59 + 20);
      assertNothingOrphaned(owner);
    }
  }
}
