package dev.dovetable.schema.archive;

import static dev.dovetable.schema.archive.OddAgents.ADMIN;
import static dev.dovetable.schema.archive.OddAgents.ARCHIVE;
import static dev.dovetable.schema.archive.OddAgents.export;
import static dev.dovetable.schema.archive.OddAgents.hashes;
import static dev.dovetable.schema.archive.OddAgents.importAs;
import static dev.dovetable.schema.archive.OddAgents.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.doctor.OrderTotals;
import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.migration.AgentMigrations;
import dev.dovetable.schema.migration.WrittenExtension;
import java.io.ByteArrayInputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is in an archive, and what becomes of it. */
class AgentArchiveTest {

  private AgentsOf agents;
  private DataSource superuser;

  @BeforeEach
  void fill() throws SQLException {
    agents = OddAgents.create();
    superuser = agents.database().superuser();
    OddAgents.fill(superuser, "agt_1", 60);
  }

  @AfterEach
  void close() {
    agents.close();
  }

  private void assertHealthy(DataSource owner, String schema) {
    assertThat(
            CrmDoctor.builder()
                .schema(schema)
                .orderTotals(OrderTotals.FULL)
                .build()
                .examine(owner)
                .findings())
        .isEmpty();
  }

  @Test
  void becomesAnEqualAgentOfTheSameDatabase() throws SQLException {
    var before = hashes(superuser, "public", "agt_1");
    var others = hashes(superuser, "public", "agt_2");
    List<Long> progress = new ArrayList<>();

    byte[] archive = export(agents.owner(), "agt_1");
    ImportReport report =
        AgentArchive.builder()
            .listener((table, done, total) -> progress.add(done * 100 / total))
            .build()
            .importAs(
                agents.owner(),
                "shop_b",
                new ByteArrayInputStream(archive),
                ImportOptions.user(user(3)).createdBy(ADMIN));

    assertThat(hashes(superuser, "public", "shop_b")).isEqualTo(before);
    assertThat(hashes(superuser, "public", "agt_1")).isEqualTo(before);
    assertThat(hashes(superuser, "public", "agt_2")).isEqualTo(others);
    assertThat(report.rows()).isEqualTo(60 * 8);
    assertThat(report.migrated()).isZero();
    assertThat(progress).isSorted().endsWith(100L);
    assertHealthy(agents.owner(), "public");
    // The id of a row that was deleted doesn't come again.
    TestDatabase.execute(
        superuser,
        "insert into shop_b_customers (agent_id, name, phone) values (%d, 'new', '')"
            .formatted(report.agentId()));
    assertThat(agents.database().string("select max(id)::text from shop_b_customers"))
        .isEqualTo("62");
    assertThat(
            agents
                .database()
                .strings(
                    "select agent_prefix || ' ' || (created_at = (select created_at from agents where"
                        + " agent_prefix = 'agt_1')) from agents where user_id = '"
                        + user(3)
                        + "' and created_by = '"
                        + ADMIN
                        + "'"))
        .containsExactly("shop_b true");
    // Triggers are on again.
    TestDatabase.execute(superuser, "insert into shop_b_odds (customer_id) values (5)");
    assertThat(
            agents
                .database()
                .string("select odds::text from shop_b_odd_counts where customer_id = 5"))
        .isEqualTo("2");
  }

  @Test
  void becomesAnAgentOfAnotherSchemaWithWhatItLacks() throws SQLException {
    var before = hashes(superuser, "public", "agt_1");
    byte[] archive = export(agents.owner(), "agt_1");
    try (TestDatabase other = TestDatabase.create()) {
      DataSource owner = other.owner("elsewhere", "createrole");
      CrmSchema.builder().schema("crm").build().install(owner);
      AgentMigrations.builder(OddAgents.odds("001_create_odds.sql", "002_note_odds.sql"))
          .schema("crm")
          .build()
          .run(owner);
      try (Connection connection = other.superuser().getConnection()) {
        connection.createStatement().execute("set search_path = crm");
        AgentsOf.addUser(connection, user(9), "User 9", "9@example.com", "agent");
      }
      AgentArchive there = AgentArchive.builder().schema("crm").build();
      ImportReport report =
          there.importAs(
              owner, "agt_1", new ByteArrayInputStream(archive), ImportOptions.user(user(9)));

      assertThat(report.migrated()).isEqualTo(1);
      assertThat(
              other.string("select count(*)::text from crm.agt_1_odds where note = 'odd ' || id"))
          .isEqualTo("60");
      TestDatabase.execute(other.superuser(), "alter table crm.agt_1_odds rename note to agent_id");
      assertThat(hashes(other.superuser(), "crm", "agt_1")).isEqualTo(before);
      TestDatabase.execute(other.superuser(), "alter table crm.agt_1_odds rename agent_id to note");
      assertHealthy(owner, "crm");

      // The way back: here nobody knows the second version.
      byte[] newer = export(there, owner, "agt_1", ExportOptions.DEFAULTS);
      assertThatThrownBy(() -> importAs(agents.owner(), "agt_9", newer, user(4)))
          .isInstanceOf(SchemaException.class)
          .hasMessageContaining("version odds 2 isn't registered here");
    }
  }

  @Test
  void getsIndexesThatOthersGotBesideWriters() throws SQLException {
    byte[] archive = export(agents.owner(), "agt_1");
    AgentMigrations.of(
            WrittenExtension.of(
                "late",
                "create index concurrently {messages_late_idx} on {messages} (direction, id);"))
        .run(agents.owner());
    ImportReport report = importAs(agents.owner(), "shop_b", archive, user(3));
    assertThat(report.migrated()).isEqualTo(1);
    assertThat(report.namingAgents()).isEmpty();
    assertHealthy(agents.owner(), "public");
  }

  @Test
  void saysWhichExtensionsNameTheAgent() throws SQLException {
    AgentMigrations.of(
            WrittenExtension.of(
                "named",
                "create function {crm}.{f}() returns void language sql as $$ select {agent_id} $$;\n"
                    + "create table {labels} (id integer, agent bigint default {agent_id});\n"
                    + "create function {crm}.{g}() returns void language sql as $$ select 1 $$;"))
        .run(agents.owner());
    byte[] archive = export(agents.owner(), "agt_1");
    assertThat(importAs(agents.owner(), "shop_b", archive, user(3)).namingAgents())
        .containsExactly("named");
  }

  @Test
  void allReasonsAreToldAtOnceAndNothingIsWritten() throws SQLException {
    byte[] archive = export(agents.owner(), "agt_1");
    agents
        .database()
        .execute(
            "update crm_private.agent_templates set checksum = repeat('0', 64)"
                + " where extension = 'odds'");
    var before = agents.database().snapshot();

    ArchiveReport report =
        ARCHIVE.check(
            agents.owner(),
            "agt_2",
            new ByteArrayInputStream(archive),
            ImportOptions.user(user(2)).createdBy(user(77)));
    assertThat(report.refusals())
        .anyMatch(one -> one.contains("odds 1 has another text"))
        .anyMatch(one -> one.contains("agt_2 is taken"))
        .anyMatch(one -> one.contains("already has agent agt_2"))
        .anyMatch(one -> one.contains("there is no user " + user(77)))
        .hasSize(4);
    assertThatThrownBy(() -> importAs(agents.owner(), "agt_2", archive, user(2)))
        .isInstanceOfSatisfying(
            SchemaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.ARCHIVE_REFUSED))
        .hasMessageContaining("another text")
        .hasMessageContaining("is taken")
        .hasMessageContaining("already has");
    assertThat(agents.database().snapshot().differencesFrom(before)).isEmpty();
  }

  @Test
  void columnsThatDifferAreToldToo() throws SQLException {
    agents.database().execute("alter table agt_1_odds add column extra text");
    byte[] archive = export(agents.owner(), "agt_1");
    assertThat(
            ARCHIVE
                .check(
                    agents.owner(),
                    "shop_b",
                    new ByteArrayInputStream(archive),
                    ImportOptions.user(user(3)))
                .refusals())
        .containsExactly("table odds has other columns here");
    assertThat(agents.database().string("select count(*)::text from agents")).isEqualTo("2");
  }
}
