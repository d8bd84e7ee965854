package dev.dovetable.schema.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.install.CrmSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** PostgREST listens on this channel; it reads the catalogue again with each notification. */
class PostgrestCacheTest {

  @Test
  void isToldOfTablesThatComeAndGoAndOnceOfAMigration() throws SQLException {
    try (AgentsOf agents = AgentsOf.create();
        Connection listening = agents.database().superuser().getConnection();
        Connection other = agents.database().superuser().getConnection();
        Statement statement = other.createStatement()) {
      agents.make(1, 3);
      try (Statement listen = listening.createStatement()) {
        listen.execute("listen pgrst");
      }
      var migrations = AgentMigrations.of(AgentsOf.visits("001_create_visits.sql"));
      assertThat(migrations.run(agents.owner()).results()).hasSize(3);
      assertThat(told(listening)).containsExactly("reload schema");
      migrations.run(agents.owner());
      assertThat(told(listening)).isEmpty();

      agents.make(4, 4);
      assertThat(told(listening)).containsExactly("reload schema");
      statement.execute("begin; select delete_agent(1); rollback");
      assertThat(told(listening)).isEmpty();
      statement.execute("select delete_agent(1)");
      assertThat(told(listening)).containsExactly("reload schema");
      statement.execute("delete from agents where id = 2");
      assertThat(told(listening)).containsExactly("reload schema");

      statement.execute("drop function delete_agent(bigint)");
      CrmSchema.create().install(agents.owner());
      assertThat(told(listening)).containsExactly("reload schema");
    }
  }

  /** What was sent before this statement is there when it has ended. */
  private static List<String> told(Connection listening) throws SQLException {
    try (Statement statement = listening.createStatement()) {
      statement.execute("select 1");
    }
    List<String> payloads = new ArrayList<>();
    PGNotification[] notifications = listening.unwrap(PGConnection.class).getNotifications();
    if (notifications != null) {
      for (PGNotification notification : notifications) {
        payloads.add(notification.getParameter());
      }
    }
    return payloads;
  }
}
