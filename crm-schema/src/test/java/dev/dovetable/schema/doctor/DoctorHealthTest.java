package dev.dovetable.schema.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.fixture.CatalogSnapshot;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.internal.files.Script;
import dev.dovetable.schema.internal.files.Scripts;
import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.testkit.server.Flavor;
import dev.dovetable.testkit.server.PostgresDatabase;
import dev.dovetable.testkit.server.PostgresServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing is found where nothing is wrong, and nothing is changed by looking. */
class DoctorHealthTest {
  private static final AgentExtension VISITS =
      AgentsOf.visits("001_create_visits.sql", "002_add_reason.sql");

  private static PostgresServer server;

  /** The flavors of Supabase make roles of the whole server. */
  @BeforeAll
  static void startServer() {
    server = PostgresServer.builder().start();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Test
  void aNewInstallationWithAgentsMadeBeforeAndAfterAnExtension() throws SQLException {
    try (AgentsOf agents = AgentsOf.create()) {
      agents.make(1, 2);
      AgentMigrations.of(VISITS).run(agents.owner());
      agents.make(3, 4);
      CatalogSnapshot before = agents.database().snapshot();

      DoctorReport report = CrmDoctor.create().examine(agents.owner());

      assertThat(report.findings()).isEmpty();
      assertThat(report.isHealthy()).isTrue();
      assertThat(report.schema()).isEqualTo("public");
      assertThat(report.duration()).isPositive();
      assertThat(agents.database().snapshot().differencesFrom(before)).isEmpty();
      assertThat(agents.database().string("select last_value from agents_id_seq")).isEqualTo("4");
    }
  }

  @Test
  void capacityIsMeasured() throws SQLException {
    try (AgentsOf agents = AgentsOf.create()) {
      agents.make(1, 12);
      agents
          .database()
          .execute(
              "insert into agt_7_customers (agent_id, name, phone)"
                  + " select 7, repeat('x', 500), n from generate_series(1, 2000) n;"
                  + " analyze agt_7_customers");

      Capacity capacity = CrmDoctor.create().examine(agents.owner()).capacity();

      assertThat(capacity.agents()).isEqualTo(12);
      assertThat(capacity.relations())
          .isEqualTo(
              Long.parseLong(agents.database().string("select count(*)::text from pg_class")));
      assertThat(capacity.largest()).hasSize(10);
      assertThat(capacity.largest().get(0).prefix()).isEqualTo("agt_7");
      assertThat(capacity.largest().get(0).bytes()).isGreaterThan(1_000_000);
      assertThat(capacity.catalogBytes()).isGreaterThan(1_000_000);
      assertThat(capacity.locksToDump()).isGreaterThan(12 * 8);
      assertThat(capacity.locksToDeleteAgent()).isEqualTo(160);
      assertThat(capacity.bytesPerConnection()).isEqualTo(12 * 4 * 27_000);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"crm", "My shop"})
  void aSchemaOfItsOwn(String schema) throws SQLException {
    try (TestDatabase database = TestDatabase.create()) {
      DataSource owner = database.owner("owner", "createrole");
      CrmSchema.builder().schema(schema).build().install(owner);
      String quoted = '"' + schema + '"';
      database.execute(
          "set search_path to "
              + quoted
              + "; insert into users (id, name, email, role) values ("
              + AgentsOf.user("1")
              + ", 'Ada', 'ada@crm.example', 'admin'); select create_agent("
              + AgentsOf.user("1")
              + ", 'a', "
              + AgentsOf.user("1")
              + ")");
      AgentMigrations.builder(VISITS).schema(schema).build().run(owner);
      CrmDoctor doctor = CrmDoctor.builder().schema(schema).build();

      assertThat(doctor.examine(owner).findings()).isEmpty();

      database.execute(
          "drop policy a_orders_access on %1$s.a_orders; drop index %1$s.a_orders_status_idx"
              .formatted(quoted));
      DoctorReport damaged = doctor.examine(owner);
      assertThat(damaged.findings()).hasSize(2);
      assertThat(doctor.repair(owner, damaged).failures()).isEmpty();
      assertThat(doctor.examine(owner).findings()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"select", "Ben's"})
  void aSchemaWhoseNameIsWrittenInSeveralWays(String schema) throws SQLException {
    try (TestDatabase database = TestDatabase.create()) {
      CrmSchema.builder().schema(schema).build().install(database.superuser());

      assertThat(
              CrmDoctor.builder().schema(schema).build().examine(database.superuser()).findings())
          .extracting(Finding::code)
          .containsExactly(Finding.Code.NOT_EXAMINED);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void anInstallationThatWasUpgraded(int version) throws SQLException {
    try (TestDatabase database = TestDatabase.create()) {
      database.execute(Scripts.current().supabaseCompat().text());
      database.execute(TestDatabase.resource("older/before_001.sql"));
      if (version >= 1) {
        database.execute(Scripts.current().migrations().get(0).text());
        database.execute(TestDatabase.resource("older/before_002.sql"));
      }
      if (version >= 2) {
        database.execute(Scripts.current().migrations().get(1).text());
        database.execute(TestDatabase.resource("older/before_003.sql"));
      }
      assertThatThrownBy(() -> CrmDoctor.create().examine(database.superuser()))
          .isInstanceOf(SchemaException.class)
          .hasMessageContaining("CrmSchema.install")
          .extracting("reason")
          .isEqualTo(Reason.NOT_CURRENT);
      CrmSchema.create().install(database.superuser());
      AgentMigrations.of(VISITS).run(database.superuser());

      assertThat(CrmDoctor.create().examine(database.superuser()).findings()).isEmpty();
    }
  }

  @Test
  void anInstallationByPsql() throws SQLException {
    try (TestDatabase database = TestDatabase.create()) {
      for (Script script : Scripts.current().complete()) {
        database.execute(script.text());
      }
      database.execute(TestDatabase.resource("older/current.sql"));

      assertThat(CrmDoctor.create().examine(database.superuser()).findings()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = "PLAIN", mode = EnumSource.Mode.EXCLUDE)
  void supabase(Flavor flavor) throws SQLException {
    try (PostgresDatabase embedded = server.createDatabase(flavor)) {
      TestDatabase database = new TestDatabase(embedded);
      DataSource owner = embedded.dataSource(embedded.owner());
      CrmSchema.create().install(owner);
      AgentsOf agents = new AgentsOf(database, owner).make(1, 2);
      AgentMigrations.of(VISITS).run(owner);
      agents.make(3, 3);
      database.execute("insert into auth.users (id, email) select id, email from users");

      assertThat(CrmDoctor.create().examine(owner).findings()).isEmpty();

      database.execute(
          "grant all on agt_2_messages to anon; alter table auth.users disable trigger user");
      DoctorReport report = CrmDoctor.create().examine(owner);
      assertThat(report.findings())
          .extracting(Finding::code)
          .containsExactly(Finding.Code.TRIGGER, Finding.Code.PRIVILEGE);
      assertThat(CrmDoctor.create().repair(owner, report).failures()).isEmpty();
      assertThat(CrmDoctor.create().examine(owner).findings()).isEmpty();
    }
  }

  @Test
  void withoutAgents() throws SQLException {
    try (AgentsOf agents = AgentsOf.create()) {
      assertThat(CrmDoctor.create().examine(agents.owner()).findings()).isEmpty();
    }
  }

  /** service_role gets it once somebody does what the installer's report says. */
  @Test
  void agentsFromBeforeServiceRoleCouldBypassRowSecurity() throws SQLException {
    try (PostgresServer own = PostgresServer.builder().start();
        PostgresDatabase embedded = own.createDatabase()) {
      TestDatabase database = new TestDatabase(embedded);
      DataSource owner = database.owner("owner", "createrole");
      CrmSchema.create().install(owner);
      new AgentsOf(database, owner).make(1, 2);
      database.execute("alter role service_role bypassrls");

      assertThat(CrmDoctor.create().examine(owner).findings()).isEmpty();
    }
  }

  @Test
  void whoDidNotInstallIsTold() throws SQLException {
    try (AgentsOf agents = AgentsOf.create()) {
      String login = agents.database().embedded().createLogin("app", "service_role");

      assertThatThrownBy(
              () -> CrmDoctor.create().examine(agents.database().embedded().dataSource(login)))
          .isInstanceOf(SchemaException.class)
          .hasMessageContaining("is not the one that installed schema public")
          .extracting("reason")
          .isEqualTo(Reason.MISSING_RIGHTS);
    }
  }

  @Test
  void settingsOutOfTheirBoundsThrow() {
    for (ThrowingCallable bad :
        List.<ThrowingCallable>of(
            () -> CrmDoctor.builder().lockTimeout(Duration.ZERO),
            () -> CrmDoctor.builder().giveUpAfter(Duration.ofDays(2)),
            () -> CrmDoctor.builder().schema("pg_x"))) {
      assertThatThrownBy(bad).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void everyOrderIsAddedUpIfAskedTo() throws SQLException {
    try (AgentsOf agents = AgentsOf.create()) {
      agents.make(1, 3);
      agents
          .database()
          .execute(
              """
              insert into agt_2_customers (agent_id, name, phone) values (2, 'Ada', '1');
              insert into agt_2_orders (customer_id) select 1 from generate_series(1, 30);
              insert into agt_2_orders_items (order_id, name, price) select id, 'Tea', 5 from agt_2_orders;
              set session_replication_role = replica;
              update agt_2_orders set total_amount = 7 where id in (2, 3);
              reset session_replication_role;
              """);

      assertThat(CrmDoctor.create().examine(agents.owner()).findings())
          .as("the newest 20")
          .isEmpty();
      assertThat(
              CrmDoctor.builder()
                  .orderTotals(OrderTotals.FULL)
                  .build()
                  .examine(agents.owner())
                  .findings())
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.code()).isEqualTo(Finding.Code.ORDER_TOTAL);
                assertThat(finding.prefix()).contains("agt_2");
                assertThat(finding.problem()).startsWith("2 of the orders").endsWith("has id 2");
                agents
                    .database()
                    .execute(
                        finding
                            .remedy()
                            .replaceFirst("^.*?: update", "update")
                            .replaceFirst("^.*example: ", ""));
              });
      assertThat(
              CrmDoctor.builder()
                  .orderTotals(OrderTotals.FULL)
                  .build()
                  .examine(agents.owner())
                  .findings())
          .isEmpty();
    }
  }
}
