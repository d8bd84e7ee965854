package dev.dovetable.schema.server;

import static dev.dovetable.schema.database.Fleet.assertNothingOrphaned;
import static dev.dovetable.schema.database.TwoAgents.addAgent;
import static dev.dovetable.schema.database.TwoAgents.addOrder;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.database.Session;
import dev.dovetable.schema.database.TwoAgents;
import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.fixture.LongForm;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.install.InstallReport.Note;
import dev.dovetable.testkit.server.Flavor;
import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** An owner who may set session_replication_role by the statement, and not by set_config(). */
class SupabaseDeletionTest {
  private static final int AGENTS = LongForm.orElse(700, 60);
  private static final String IS_SUPERUSER =
      "select rolsuper from pg_roles where rolname = current_user";

  @Test
  void doesWithoutTheCascadesAndInstallerAndDoctorSaySo() throws SQLException {
    try (PostgresServer server = PostgresServer.builder().start();
        PostgresDatabase database = server.createDatabase(Flavor.SUPABASE);
        Session owner = new Session(database.dataSource(database.owner()))) {
      assertThat(owner.one(IS_SUPERUSER)).isEqualTo("f");
      assertThat(owner.sqlState("select set_config('session_replication_role', 'replica', true)"))
          .isEqualTo("42501");

      assertThat(CrmSchema.create().install(database.dataSource(database.owner())).notes())
          .extracting(Note::finding)
          .noneMatch(finding -> finding.contains("session_replication_role"));
      TwoAgents.fill(database.dataSource(database.owner()));
      for (int i = 0; i < AGENTS; i++) {
        addAgent(owner, "many_" + i);
      }
      addOrder(owner, "many_1", id(owner, "many_1"));

      try (Session session = new Session(TwoAgents.login(database))) {
        session.service().begin();
        assertThat(session.one("select success from delete_agent(?)", id(owner, "many_1")))
            .isEqualTo("t");
        assertThat(
                Integer.parseInt(
                    session.one("select count(*) from pg_locks where pid = pg_backend_pid()")))
            .isLessThan(300);
        session.commit();
        assertThat(session.one("show session_replication_role")).isEqualTo("origin");
      }
      assertNothingOrphaned(owner);
      assertThat(
              CrmDoctor.create()
                  .examine(database.dataSource(database.owner()))
                  .capacity()
                  .locksToDeleteAgent())
          .isEqualTo(100);
    }
  }

  @Test
  void withoutTheRightBothSayThatItIsSlow() throws SQLException {
    try (PostgresServer server = PostgresServer.builder().start();
        PostgresDatabase database = server.createDatabase(Flavor.SUPABASE);
        Session owner = new Session(database.dataSource(database.owner()))) {
      revoke(database);

      assertThat(CrmSchema.create().install(database.dataSource(database.owner())).notes())
          .extracting(Note::finding)
          .contains("The installing role may not set session_replication_role.");
      TwoAgents.fill(database.dataSource(database.owner()));

      assertThat(owner.one("select success from delete_agent(1)")).isEqualTo("t");
      assertNothingOrphaned(owner);
      assertThat(
              CrmDoctor.create()
                  .examine(database.dataSource(database.owner()))
                  .capacity()
                  .locksToDeleteAgent())
          .isEqualTo(105);
    }
  }

  private static void revoke(PostgresDatabase database) throws SQLException {
    try (Session superuser = new Session(database.dataSource())) {
      superuser.execute(
          "revoke set on parameter session_replication_role from " + database.owner());
    }
  }

  private static long id(Session owner, String prefix) throws SQLException {
    return Long.parseLong(owner.one("select id from agents where agent_prefix = ?", prefix));
  }
}
