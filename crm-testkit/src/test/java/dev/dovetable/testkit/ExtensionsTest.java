package dev.dovetable.testkit;

import static dev.dovetable.testkit.CrmAssertions.assertThat;
import static dev.dovetable.testkit.CrmAssertions.assertThatThrownBy;

import dev.dovetable.core.TenantScope;
import dev.dovetable.schema.migration.AgentExtension;
import dev.dovetable.schema.migration.AgentMigrations;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That the kit looks after what extensions add to agents, as it does after the four tables. */
@CrmTest(
    database = CrmTest.Lifetime.METHOD,
    guard = false,
    extensions = {ExtensionsTest.Visits.class, ExtensionsTest.Notes.class})
class ExtensionsTest {

  static final class Visits implements Supplier<AgentExtension> {
    @Override
    public AgentExtension get() {
      return AgentExtension.fromClassPath("visits", "db/visits", "001_create_visits.sql");
    }
  }

  static final class Notes implements Supplier<AgentExtension> {
    @Override
    public AgentExtension get() {
      return AgentExtension.fromClassPath("notes", "db/notes", "001_create_notes.sql");
    }
  }

  private static final List<String> TABLES = List.of("notes", "visits", "visits_photos");

  private CrmDatabase database;
  private TenantScope a;
  private TenantScope b;

  @BeforeEach
  void makeAgents(CrmDatabase database) throws SQLException {
    this.database = database;
    this.a = database.agent("agt_a").withCustomers(2).scope();
    this.b = database.agent("agt_b").withCustomers(2).scope();
    // The plainest text is too short for it.
    Query.run(database.superuser(), "insert into agt_b_notes (text) values ('remember')");
  }

  @Test
  void holdsAsMigrated() throws SQLException {
    String before = everything();
    assertThat(a).cannotSee(b);
    assertThat(database.asAnonymous().tenant("agt_a")).cannotSee(b);
    assertThat(database).hasRowSecurityEverywhere().hasNoOrphanedTables().matchesSchema();
    assertThat(everything()).isEqualTo(before);
    fails(
        () -> assertThat(database.asService().tenant("agt_a")).cannotSee(b),
        "read agt_b_notes",
        "update agt_b_visits",
        "insert into agt_b_visits_photos",
        "delete from agt_b_visits_photos");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "alter table agt_b_visits disable row level security | read agt_b_visits",
        "create policy p on agt_b_visits_photos for select to authenticated using (true)"
            + " | read agt_b_visits_photos",
        "create policy p on agt_b_visits for insert to authenticated with check (true)"
            + " | insert into agt_b_visits",
        "create policy p on agt_b_notes to authenticated using (true) | update agt_b_notes",
        "grant truncate on agt_b_visits_photos to authenticated | truncate agt_b_visits_photos",
        "grant update on sequence agt_b_visits_id_seq to authenticated"
            + " | set the sequence of agt_b_visits",
        "grant select on sequence agt_b_notes_id_seq to authenticated"
            + " | read the sequence of agt_b_notes",
        "delete from agt_b_notes | agt_b_notes, for all that is known: it is empty"
      })
  void cannotSeeFailsOnceThereIsAWay(String spoil, String found) throws SQLException {
    Query.run(database.superuser(), spoil);
    String before = everything();
    fails(() -> assertThat(a).cannotSee(b), found);
    assertThat(everything()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "drop table agt_b_visits_photos | LEDGER agt_b_visits_photos: table is missing",
        "set session_replication_role = replica; delete from agents where agent_prefix = 'agt_b'"
            + " | ORPHANED_TABLE agt_b_notes: the table belongs to agent"
      })
  void orphanedTables(String spoil, String found) throws SQLException {
    Query.run(database.superuser(), spoil);
    fails(() -> assertThat(database).hasNoOrphanedTables(), found);
  }

  @Test
  void aColumnThatIsMissingIsNoOrphan() throws SQLException {
    Query.run(database.superuser(), "alter table agt_b_notes drop column text");
    assertThat(database).hasNoOrphanedTables();
    fails(() -> assertThat(database).matchesSchema(), "LEDGER agt_b_notes: column text is missing");
  }

  @Test
  void tablesOfAnotherIdDoNotMatch() throws SQLException {
    Query.run(
        database.superuser(),
        "set session_replication_role = replica; update agents set id = 99"
            + " where agent_prefix = 'agt_b'");
    fails(
        () -> assertThat(database).matchesSchema(),
        "OUTDATED agent_versions: the agent misses crm 1, visits 1, notes 1");
  }

  @Test
  void schemaAsMigrated() throws SQLException {
    Query.run(
        database.superuser(),
        "alter table agt_a_visits disable row level security",
        "alter table agt_a_customers drop column email",
        "alter table agt_a_notes add column more text",
        "drop index agt_b_visits_customer_id_idx",
        "drop table agt_b_visits_photos");
    fails(() -> assertThat(database).hasRowSecurityEverywhere(), "public.agt_a_visits");
    fails(
        () -> assertThat(database).matchesSchema(),
        "ROW_SECURITY agt_a_visits: row security is missing",
        "LEDGER agt_a_customers: column email is missing",
        "EXTRA_OBJECT agt_a_notes: column more should not be there: text",
        "INDEX agt_b_visits: index agt_b_visits_customer_id_idx is missing",
        "LEDGER agt_b_visits_photos: table is missing");
  }

  @Test
  void theGuardLooksAtThemToo() throws SQLException {
    Watch watch = database.watch();
    Query.run(database.superuser(), "update agt_b_notes set text = 'remembered'");
    fails(watch::close, "changes in agt_b_notes", "no scope of agent agt_b was used");

    Watch another = database.watch();
    b.dsl().execute("update agt_b_notes set text = 'once more'");
    another.close();
  }

  @Test
  void anAgentThatIsBehindDoesNotMatch() throws SQLException {
    try (CrmDatabase other = CrmDatabase.builder().schema("shop data").open()) {
      other.agent("agt_old");
      assertThat(other).hasNoOrphanedTables().matchesSchema();
      AgentMigrations migrations =
          AgentMigrations.builder(new Visits().get()).schema("shop data").build();
      migrations.run(other.superuser());
      other.agent("agt_new");
      assertThat(other).hasRowSecurityEverywhere().hasNoOrphanedTables().matchesSchema();
      assertThat(other.asAgent("agt_new")).cannotSee(other.asAgent("agt_old"));

      Query.run(
          other.superuser(),
          "drop table \"shop data\".agt_old_visits_photos",
          "delete from \"shop data_private\".agent_versions where extension = 'visits'"
              + " and agent_id = (select id from \"shop data\".agents where agent_prefix = 'agt_old')");
      fails(
          () -> assertThat(other).matchesSchema(),
          "OUTDATED agent_versions: the agent misses visits 1");
    }
  }

  @Test
  void eachSetOfExtensionsHasItsOwnTemplate() throws SQLException {
    AgentExtension visits = new Visits().get();
    try (CrmDatabase with = CrmDatabase.builder().extensions(visits).open();
        CrmDatabase again = CrmDatabase.builder().extensions(new Visits().get()).open();
        CrmDatabase without = CrmDatabase.create()) {
      for (CrmDatabase each : List.of(with, again)) {
        each.agent("agt_x");
        assertThat(Query.strings(each.superuser(), "select id::text from agt_x_visits")).isEmpty();
        assertThat(table(each, "agt_x_notes")).isNull();
      }
      without.agent("agt_x");
      assertThat(table(without, "agt_x_visits")).isNull();
    }
  }

  private static String table(CrmDatabase database, String name) throws SQLException {
    return Query.string(database.superuser(), "select to_regclass('" + name + "')::text");
  }

  /** Every row of the extensions' tables and every sequence. */
  private String everything() throws SQLException {
    StringBuilder all = new StringBuilder();
    for (String table : TABLES) {
      all.append(
          Query.strings(database.superuser(), "select t::text from agt_b_" + table + " as t"));
    }
    return all.toString()
        + Query.strings(
            database.superuser(),
            "select schemaname || sequencename || coalesce(last_value, 0) from pg_sequences"
                + " where sequencename like 'agt_b%' order by 1");
  }

  private static void fails(ThrowingCallable assertion, String... said) {
    assertThatThrownBy(assertion).isInstanceOf(AssertionError.class).hasMessageContainingAll(said);
  }
}
