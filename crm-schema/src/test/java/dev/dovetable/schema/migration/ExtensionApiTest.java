package dev.dovetable.schema.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.internal.files.Script;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Functions of extensions that applications call, beside the tables. */
class ExtensionApiTest {
  private static final String FIRST =
      """
      create function {crm}.hours_length(text text) returns integer language sql immutable
        as $$ select 8 $$;
      create function {api}.hours_of(day integer) returns integer language sql stable security definer
        as $$ select {crm}.hours_length('x') + day $$;
      grant execute on function {api}.hours_of(integer) to authenticated;
      """;
  private static final String SECOND =
      """
      create or replace function {api}.hours_of(day integer) returns integer language sql stable
        as $$ select 0 $$;
      """;

  private AgentsOf agents;
  private TestDatabase database;

  @BeforeEach
  void install() throws SQLException {
    agents = AgentsOf.create().make(1, 1);
    database = agents.database();
  }

  @AfterEach
  void drop() {
    agents.close();
  }

  private void register(String... texts) {
    List<Script> scripts =
        IntStream.range(0, texts.length)
            .mapToObj(i -> Script.of("db/00%d_hours.sql".formatted(i + 1), texts[i]))
            .toList();
    AgentMigrationReport report =
        AgentMigrations.of(AgentExtension.of("hours", scripts)).run(agents.owner());
    assertThat(report.failures()).isEmpty();
  }

  @Test
  void authenticatedCallsThemWherePostgrestFindsThem() throws SQLException {
    register(FIRST);

    assertThat(
            database.strings(
                """
                select p.oid::regprocedure || ' ' || array_to_string(p.proconfig, ' ') || ' '
                  || string_agg(r.rolname, ',' order by r.rolname)
                from pg_proc p
                join pg_roles r on r.rolname in ('anon', 'authenticated', 'service_role')
                  and has_function_privilege(r.oid, p.oid, 'execute')
                where p.pronamespace = 'public'::regnamespace and p.proname = 'hours_of'
                group by p.oid
                """))
        .containsExactly(
            "hours_of(integer) search_path=crm_private, public, pg_temp authenticated");
    assertThat(database.string("select public.hours_of(1)")).isEqualTo("9");
    assertThat(CrmDoctor.create().examine(agents.owner()).findings()).isEmpty();

    database.execute("drop function public.hours_of(integer)");
    CrmDoctor.create().repair(agents.owner(), CrmDoctor.create().examine(agents.owner()));
    assertThat(database.string("select public.hours_of(1)")).isEqualTo("9");
  }

  @Test
  void anApplicationsOwnAreLeftAlone() throws SQLException {
    database.execute(
        """
        create function public.hours_length(text text) returns integer language sql as 'select 1';
        select delete_agent(1);
        """);
    register(FIRST, SECOND);

    assertThat(database.string("select public.hours_of(1)")).isEqualTo("0");
    RegisteredVersions.in("public").withdraw(agents.owner(), "hours", 2);
    assertThat(database.string("select public.hours_of(1)")).isEqualTo("9");
    assertThat(
            database.string(
                "select proconfig is null from pg_proc where oid = 'public.hours_length'::regproc"))
        .isEqualTo("t");

    RegisteredVersions.in("public").withdraw(agents.owner(), "hours", 1);
    assertThat(database.strings("select proname from pg_proc where proname ~ '^hours_'"))
        .containsExactly("hours_length");
  }

  @Test
  void noFunctionOfTheApplicationIsReplaced() throws SQLException {
    database.execute(
        "create function public.hours_of(day integer) returns integer language sql as 'select 1'");

    assertThatThrownBy(() -> register(FIRST)).hasMessageContaining("not its own: hours_of");
    assertThat(database.string("select public.hours_of(1)")).isEqualTo("1");
  }

  @Test
  void theyAreForAllAgents() {
    for (String sql :
        List.of(
            "create function {api}.{customers_of}() returns int language sql as $$ select 1 $$",
            "create function {api}.other_of() returns int language sql as $$ select 1 $$",
            "create function {api}.hours_of() returns int language sql as $$ select id from {customers} $$",
            "create function {crm}.{customers_of}() returns int language sql as $$ select {api}.hours_of(1) $$",
            "select {api}.hours_of(1)")) {
      assertThatThrownBy(() -> register(sql)).hasMessageContaining("db/001_hours.sql, line 1");
    }
  }
}
