package dev.dovetable.schema.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.doctor.RepairReport.Outcome;
import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.install.SchemaStatus.State;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.testkit.server.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A database as pg_restore leaves it without privileges, or where the roles are missing. */
class RestoreTest {
  private static final CrmSchema SCHEMA = CrmSchema.create();

  /** Of its own: roles are the server's. */
  private static PostgresServer server;

  /** Runs the part, and says what the one who restored is to do. */
  private interface Remedy {
    void run(DataSource owner);
  }

  @BeforeAll
  static void start() {
    server = PostgresServer.builder().start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void withoutPrivilegesAndInstalled() throws SQLException {
    assertRestored(RestoreTest::losePrivileges, RestoreTest::install);
  }

  @Test
  void withoutPrivilegesAndRepaired() throws SQLException {
    assertRestored(RestoreTest::losePrivileges, RestoreTest::repair);
  }

  @Test
  void withoutRolesAndInstalled() throws SQLException {
    assertRestored(RestoreTest::loseRoles, RestoreTest::install);
  }

  @Test
  void withoutRolesAndRepaired() throws SQLException {
    assertRestored(RestoreTest::loseRoles, RestoreTest::repair);
  }

  private interface Loss {
    void inflict(TestDatabase database) throws SQLException;
  }

  private static void assertRestored(Loss loss, Remedy remedy) throws SQLException {
    try (TestDatabase database = new TestDatabase(server.createDatabase())) {
      DataSource owner = database.owner("owner", "createrole");
      SCHEMA.install(owner);
      AgentsOf agents = new AgentsOf(database, owner).make(1, 2);
      var visits = AgentsOf.visits("001_create_visits.sql");
      assertThat(AgentMigrations.of(visits).run(owner).failures()).isEmpty();
      assertThat(SCHEMA.status(owner).details()).isEmpty();
      assertWorks(database);

      loss.inflict(database);
      assertThatThrownBy(() -> assertWorks(database)).isInstanceOf(SQLException.class);
      assertThat(SCHEMA.status(owner).state()).isEqualTo(State.MODIFIED);
      assertThatThrownBy(() -> SCHEMA.validate(owner)).isInstanceOf(SchemaException.class);
      assertThat(CrmDoctor.create().examine(owner).isHealthy()).isFalse();

      remedy.run(owner);

      assertWorks(database);
      assertThat(SCHEMA.status(owner).details()).isEmpty();
      assertThat(CrmDoctor.create().examine(owner).findings()).isEmpty();
      agents.make(3, 3);
      assertThat(CrmDoctor.create().examine(owner).findings()).isEmpty();
    }
  }

  private static void install(DataSource owner) {
    SCHEMA.install(owner);
  }

  private static void repair(DataSource owner) {
    CrmDoctor doctor = CrmDoctor.create();
    assertThat(doctor.repair(owner, doctor.examine(owner)).results())
        .isNotEmpty()
        .allSatisfy(result -> assertThat(result.outcome()).isEqualTo(Outcome.REPAIRED));
  }

  /** As pg_restore --no-privileges: nobody has more than PostgreSQL gives by itself. */
  private static void losePrivileges(TestDatabase database) throws SQLException {
    database.execute(
        """
        set allow_system_table_mods = on;
        update pg_namespace set nspacl = null where nspname in ('public', 'auth', 'crm_private');
        update pg_class set relacl = null
        where relnamespace in (select oid from pg_namespace where nspname in ('public', 'crm_private'));
        update pg_attribute set attacl = null
        where attrelid in (
          select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where n.nspname in ('public', 'crm_private'));
        update pg_proc set proacl = null
        where pronamespace in (
          select oid from pg_namespace where nspname in ('public', 'auth', 'crm_private'));
        """);
  }

  private static void loseRoles(TestDatabase database) throws SQLException {
    database.execute(
        """
        drop owned by anon, authenticated, service_role;
        drop role anon, authenticated, service_role
        """);
  }

  /** As whoever owns an agent, and as the service. */
  private static void assertWorks(TestDatabase database) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql :
          List.of(
              "begin",
              "set local role authenticated",
              "select set_config('request.jwt.claims', json_build_object('sub', "
                  + AgentsOf.user("1")
                  + ")::text, true)",
              "insert into agt_1_customers (agent_id, name, phone) values (1, 'C', '1')",
              "insert into agt_1_visits (customer_id, day)"
                  + " select max(id), '2026-01-01' from agt_1_customers",
              "select * from get_whatsapp_config(" + AgentsOf.user("1") + ")",
              "commit",
              "begin",
              "set local role service_role",
              "select crm_private.enter_agent('agt_2', false)",
              "select * from agt_2_customers",
              "select * from whatsapp_configuration",
              "commit")) {
        statement.execute(sql);
      }
    }
  }
}
