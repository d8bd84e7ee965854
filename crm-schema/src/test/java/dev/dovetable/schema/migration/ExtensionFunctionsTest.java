package dev.dovetable.schema.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.doctor.Finding;
import dev.dovetable.schema.doctor.Finding.Code;
import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.install.CrmSchema;
import dev.dovetable.schema.internal.files.Script;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Functions that an extension gives each agent, and those that all agents share. */
class ExtensionFunctionsTest {
  static final String FIRST =
      """
      create table {counts} (
        customer_id integer primary key references {customers} (id) on delete cascade,
        messages integer not null default 0,
        note text
      );
      revoke insert, update, delete on {counts} from authenticated;
      grant update (note) on {counts} to authenticated;
      create function {crm}.tally_weight(text text) returns integer language sql immutable
        as $$ select length(text) $$;
      create function {crm}.{counts_inserted}() returns trigger language plpgsql security definer as $body$
      begin
        insert into {counts} as c (customer_id, messages)
        select n.customer_id, sum({crm}.tally_weight(n.message)) from new_rows n group by n.customer_id
        on conflict (customer_id) do update set messages = c.messages + excluded.messages;
        return null;
      end
      $body$;
      create trigger counts_inserted after insert on {messages} referencing new table as new_rows
        for each statement execute function {crm}.{counts_inserted}();
      """;
  private static final String SECOND =
      """
      create or replace function {crm}.tally_weight(text text) returns integer language sql immutable
        as $$ select 1000 $$;
      """;

  private AgentsOf agents;
  private TestDatabase database;

  @BeforeEach
  void install() throws SQLException {
    agents = AgentsOf.create().make(1, 1);
    database = agents.database();
    assertThat(AgentMigrations.of(tally(FIRST)).run(agents.owner()).failures()).isEmpty();
    agents.make(2, 2);
  }

  @AfterEach
  void drop() {
    agents.close();
  }

  static AgentExtension tally(String... texts) {
    List<Script> scripts = new ArrayList<>();
    for (int i = 0; i < texts.length; i++) {
      scripts.add(Script.of("db/00%d_tally.sql".formatted(i + 1), texts[i]));
    }
    return AgentExtension.of("tally", scripts);
  }

  private void write(int agent, String message) throws SQLException {
    database.execute(
        """
        insert into agt_%1$d_customers (agent_id, name, phone)
        select %1$d, 'x', '1' where not exists (select from agt_%1$d_customers);
        set role authenticated;
        set request.jwt.claims = '{"sub": "00000000-0000-0000-0000-00000000000%1$d", "role": "authenticated"}';
        insert into agt_%1$d_messages (customer_id, message, direction) values (1, '%2$s', 'inbound');
        reset role;
        """
            .formatted(agent, message));
  }

  private String counted(int agent) throws SQLException {
    return database.string("select messages from agt_" + agent + "_counts");
  }

  @Test
  void theyKeepWhatUsersMayNotWrite() throws SQLException {
    for (int agent = 1; agent <= 2; agent++) {
      write(agent, "12345");
      write(agent, "678");
      assertThat(counted(agent)).isEqualTo("8");
      String table = "agt_" + agent + "_counts";
      assertThat(
              database.string(
                  """
                  select concat_ws(' ', has_table_privilege('authenticated', '%1$s', 'select'),
                    has_table_privilege('authenticated', '%1$s', 'insert'),
                    has_table_privilege('authenticated', '%1$s', 'update'),
                    has_table_privilege('authenticated', '%1$s', 'delete'),
                    has_column_privilege('authenticated', '%1$s', 'note', 'update'),
                    has_column_privilege('authenticated', '%1$s', 'messages', 'update'),
                    has_table_privilege('service_role', '%1$s', 'update'))
                  """
                      .formatted(table)))
          .isEqualTo("t f f f t f t");
    }
  }

  @Test
  void nobodyMayCallThem() throws SQLException {
    assertThat(
            database.strings(
                """
                select p.proname || ' ' || r.rolname
                from pg_proc p
                cross join pg_roles r
                where p.pronamespace = 'crm_private'::regnamespace and p.proname ~ '^(agt_[12]|tally)_'
                  and r.rolname in ('anon', 'authenticated', 'service_role')
                  and has_function_privilege(r.oid, p.oid, 'execute')
                """))
        .isEmpty();
    assertThat(
            database.strings(
                """
                select p.proname || ' ' || array_to_string(p.proconfig, ' ')
                from pg_proc p
                where p.pronamespace = 'crm_private'::regnamespace and p.proname ~ '^(agt_[12]|tally)_'
                order by 1
                """))
        .containsExactly(
            "agt_1_counts_inserted search_path=public, pg_temp",
            "agt_2_counts_inserted search_path=public, pg_temp",
            "tally_weight search_path=crm_private, public, pg_temp");
  }

  @Test
  void whatAllShareIsReplacedForAllByANewerVersion() throws SQLException {
    AgentMigrations.of(tally(FIRST, SECOND)).run(agents.owner());

    for (int agent = 1; agent <= 2; agent++) {
      write(agent, "12345");
      assertThat(counted(agent)).isEqualTo("1000");
    }
    assertThat(CrmDoctor.create().examine(agents.owner()).findings()).isEmpty();
  }

  @Test
  void aVersionThatIsWithdrawnTakesItsFunctionsAlong() throws SQLException {
    database.execute("select delete_agent(1); select delete_agent(2)");
    AgentMigrations.of(tally(FIRST, SECOND)).run(agents.owner());

    RegisteredVersions.in("public").withdraw(agents.owner(), "tally", 2);
    assertThat(database.string("select crm_private.tally_weight('123')")).isEqualTo("3");

    RegisteredVersions.in("public").withdraw(agents.owner(), "tally", 1);
    assertThat(functions()).isEmpty();
  }

  @Test
  void theyGoWithTheirAgent() throws SQLException {
    write(1, "x");
    database.execute("select delete_agent(1)");
    assertThat(functions()).containsExactly("agt_2_counts_inserted", "tally_weight");
    database.execute("delete from agents where id = 2");
    assertThat(functions()).containsExactly("tally_weight");
  }

  @Test
  void theyGoWithTheTablesAloneAndComeAgain() throws SQLException {
    database.execute("select drop_agent_tables('agt_1')");
    assertThat(functions()).containsExactly("agt_2_counts_inserted", "tally_weight");
    database.execute("select create_agent_tables('agt_1', 1)");
    write(1, "x");
    assertThat(counted(1)).isEqualTo("1");
  }

  @Test
  void theyGoWithAnAgentWhoseTablesAreGone() throws SQLException {
    database.execute(
        """
        drop table agt_1_orders_items, agt_1_orders, agt_1_messages, agt_1_counts, agt_1_customers;
        select delete_agent(1);
        """);
    assertThat(functions()).containsExactly("agt_2_counts_inserted", "tally_weight");
  }

  @Test
  void theDoctorMakesThemAsTheyWere() throws SQLException {
    assertThat(CrmDoctor.create().examine(agents.owner()).findings()).isEmpty();

    database.execute(
        """
        create or replace function crm_private.agt_1_counts_inserted() returns trigger language plpgsql
          as 'begin return null; end';
        grant execute on function crm_private.agt_1_counts_inserted() to authenticated;
        drop function crm_private.agt_2_counts_inserted() cascade;
        create or replace function crm_private.tally_weight(text text) returns integer language sql
          immutable as 'select 7';
        grant insert, update (messages) on agt_2_counts to authenticated;
        """);
    List<Finding> findings = CrmDoctor.create().examine(agents.owner()).findings();
    assertThat(findings)
        .extracting(Finding::code)
        .contains(Code.FUNCTION, Code.TRIGGER, Code.PRIVILEGE);
    CrmDoctor.create()
        .repair(agents.owner(), CrmDoctor.create().examine(agents.owner()))
        .results()
        .forEach(result -> assertThat(result.error()).isEmpty());
    assertThat(CrmDoctor.create().examine(agents.owner()).findings()).isEmpty();
    write(1, "12345");
    write(2, "12345");
    assertThat(counted(1) + counted(2)).isEqualTo("55");
    nobodyMayCallThem();
    theyKeepPrivileges();
  }

  private void theyKeepPrivileges() throws SQLException {
    assertThat(
            database.string(
                "select has_table_privilege('authenticated', 'agt_2_counts', 'insert')"))
        .isEqualTo("f");
  }

  @Test
  void privilegesStayNarrowWhenTablesAreSecuredAnew() throws SQLException {
    database.execute("select create_agent_tables('agt_1', 1)");
    database.execute("drop policy agt_1_counts_access on agt_1_counts");
    CrmSchema.create().install(agents.owner());
    assertThat(CrmDoctor.create().examine(agents.owner()).findings())
        .extracting(Finding::code)
        .doesNotContain(Code.PRIVILEGE);
  }

  private List<String> functions() throws SQLException {
    return database.strings(
        """
        select p.proname from pg_proc p
        where p.pronamespace = 'crm_private'::regnamespace and p.proname ~ '^(agt_[12]|tally)_'
        order by 1
        """);
  }
}
