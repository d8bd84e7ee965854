package dev.dovetable.schema.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.internal.files.Script;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions and privileges of extensions that reach beyond what they may. */
class FunctionsRefusedTest {
  private static AgentsOf agents;
  private static TestDatabase database;

  @BeforeAll
  static void install() throws SQLException {
    agents = AgentsOf.create().make(1, 1);
    database = agents.database();
    AgentMigrations.of(ExtensionFunctionsTest.tally(ExtensionFunctionsTest.FIRST))
        .run(agents.owner());
  }

  @AfterAll
  static void drop() {
    agents.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create function {crm}.{counts_a}() returns int language sql as $$ select 1 $$;"
            + " grant execute on function {crm}.{counts_a}() to authenticated",
        "create or replace function {crm}.touch_updated_at() returns trigger language plpgsql as $$ begin end $$",
        "create function {crm}.other_weight() returns int language sql as $$ select 1 $$",
        "create function {crm}.tally_x() returns int language sql as $$ select id from {customers} $$",
        "create function {counts_a}() returns int language sql as $$ select 1 $$",
        "create function {crm}.{counts_a}() returns int language sql as $$ select {crm}.is_backend() $$",
        "create function {crm}.tally_x() returns int language sql as $$ select absent() $$",
        "do $$ begin execute 'create function crm_private.{customers_a}() returns int language sql as ''select 1'''; end $$",
        "create function {crm}.{counts_a}() returns int language sql as $$ select 1 $$;"
            + " comment on function {crm}.{counts_a}() is 'x'",
        "grant truncate on {counts} to authenticated",
        "grant select (note) on {counts} to anon",
      })
  void whatReachesFurtherIsRefused(String sql) throws SQLException {
    assertThatThrownBy(
            () ->
                AgentMigrations.of(ExtensionFunctionsTest.tally(ExtensionFunctionsTest.FIRST, sql))
                    .run(agents.owner()))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("db/002_tally.sql");
    assertThat(
            database.string("select count(*) from crm_private.agent_templates where version = 2"))
        .isEqualTo("0");
    assertThat(
            database.strings(
                "select proname from pg_proc where proname ~ '^(agt_1|tally)_' order by proname"))
        .containsExactly("agt_1_counts_inserted", "tally_weight");
  }

  @Test
  void noFunctionOfTheLibraryIsReplaced() throws SQLException {
    AgentExtension staff =
        AgentExtension.of(
            "staff",
            List.of(
                Script.of(
                    "db/001_staff.sql",
                    """
                    create table {updated} (id integer);
                    create or replace function {crm}.{updated_at}() returns trigger language plpgsql as $$
                    begin return null; end $$;
                    """)));
    AgentExtension find =
        AgentExtension.of(
            "find",
            List.of(
                Script.of(
                    "db/001_find.sql",
                    "create or replace function {crm}.find_people() returns int language sql as $$ select 1 $$;")));
    database.execute(
        "create function crm_private.find_people() returns int language sql as 'select 2'");
    try (AgentsOf named = AgentsOf.create().make(List.of("touch"))) {
      String before =
          named.database().string("select prosrc from pg_proc where proname = 'touch_updated_at'");
      assertThat(AgentMigrations.of(staff).run(named.owner()).failures())
          .singleElement()
          .satisfies(
              failure ->
                  assertThat(failure.error().orElseThrow()).contains("taken: touch_updated_at"));
      assertThat(
              named
                  .database()
                  .string("select prosrc from pg_proc where proname = 'touch_updated_at'"))
          .isEqualTo(before);
    }
    assertThatThrownBy(() -> AgentMigrations.of(find).run(agents.owner()))
        .hasMessageContaining("not its own: find_people");
  }
}
