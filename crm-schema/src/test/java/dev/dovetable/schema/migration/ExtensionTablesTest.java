package dev.dovetable.schema.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.doctor.CrmDoctor;
import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.internal.files.Resources;
import dev.dovetable.schema.internal.files.Script;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever kind of table an extension makes, in whatever version: it is guarded, and dropped. */
class ExtensionTablesTest {
  private static final AgentExtension TABLES =
      AgentExtension.of(
          "tables",
          List.of(
              Script.of(
                  "db/001_first.sql",
                  """
                  create table {plain} (id serial primary key);
                  create unlogged table {scratch} (id int, order_id int references {orders} (id));
                  create table {copy} as select id, name from {customers};
                  """),
              Script.of(
                  "db/002_later.sql",
                  """
                  create table {events} (id bigint generated always as identity, day date not null,
                    customer_id int references {customers} (id)) partition by range (day);
                  create table {events_2026} (id bigint not null, day date not null, customer_id int);
                  alter table {events} attach partition {events_2026}
                    for values from ('2026-01-01') to ('2027-01-01');
                  alter table {orders} add column plain_id int references {plain} (id);
                  create policy {plain_weekdays} on {plain} as restrictive using (id > 0);
                  """),
              Script.of(
                  "db/003_policy.sql",
                  """
                  alter policy {plain_weekdays} on {plain} using (id > 1);
                  alter table {plain} add column owner_id int references {plain} (id);
                  """)));
  private static final List<String> SUFFIXES =
      List.of("copy", "events", "events_2026", "plain", "scratch");

  private AgentsOf agents;

  @BeforeEach
  void install() throws SQLException {
    agents = AgentsOf.create().make(1, 1);
    assertThat(AgentMigrations.of(TABLES).run(agents.owner()).isComplete()).isTrue();
    agents.make(2, 2);
  }

  @AfterEach
  void drop() {
    agents.close();
  }

  @Test
  void eachHasRowLevelSecurityItsPolicyAndNoPrivilegesTooMany() throws SQLException {
    for (int agent = 1; agent <= 2; agent++) {
      for (String suffix : SUFFIXES) {
        String table = "agt_%d_%s".formatted(agent, suffix);
        assertThat(
                agents
                    .database()
                    .strings(
                        """
                        select concat_ws(' ', c.relrowsecurity,
                          (select string_agg(pg_get_expr(p.polqual, p.polrelid), '')
                            from pg_policy p where p.polrelid = c.oid and p.polname = c.relname || '_access'),
                          has_table_privilege('authenticated', c.oid, 'truncate, references, trigger'),
                          has_table_privilege('anon', c.oid, 'select, insert, update, delete'))
                        from pg_class c where c.oid = '%s'::regclass
                        """
                            .formatted(table)))
            .as(table)
            .singleElement()
            .satisfies(
                found ->
                    assertThat(found)
                        .startsWith("t ( SELECT ")
                        .contains("owns_agent")
                        .endsWith(" f f"));
      }
    }
  }

  @Test
  void foreignKeysHaveIndexes() throws SQLException {
    assertThat(
            agents
                .database()
                .strings(
                    """
                    select f.conrelid::regclass || ' ' || a.attname
                    from pg_constraint f
                    join pg_attribute a on a.attrelid = f.conrelid and a.attnum = f.conkey[1]
                    where f.contype = 'f' and f.conrelid::regclass::text ~ '^agt_._(scratch|events|plain)'
                      and not exists (
                        select from pg_index i where i.indrelid = f.conrelid and i.indkey[0] = f.conkey[1]
                      )
                    """))
        .containsExactlyInAnyOrder("agt_1_plain owner_id", "agt_2_plain owner_id");
  }

  /** Older installations gave it; with it, anybody signed in burns other agents' ids. */
  @Test
  void identityColumnsNeedNoRightOnTheirSequence() throws SQLException {
    assertThat(rightsOnSequences()).containsExactly("plain f t", "events f f");
    for (int agent = 1; agent <= 2; agent++) {
      agents
          .database()
          .execute(
              "grant usage on sequence agt_%d_events_id_seq to authenticated, service_role"
                  .formatted(agent));
    }
    agents.database().execute(Resources.read("schema/extensions.sql"));
    assertThat(rightsOnSequences()).containsExactly("plain f t", "events f f");
    agents
        .database()
        .execute(
            """
            set role service_role;
            insert into agt_1_events (day) values ('2026-05-05');
            reset role
            """);
    assertThat(agents.database().string("select id from agt_1_events")).isEqualTo("1");
  }

  private List<String> rightsOnSequences() throws SQLException {
    return agents
        .database()
        .strings(
            """
            select concat_ws(' ', s.suffix, bool_or(has_sequence_privilege('anon', s.name, 'usage')),
              bool_and(has_sequence_privilege('authenticated', s.name, 'usage')
                and has_sequence_privilege('service_role', s.name, 'usage')))
            from (
              select suffix, format('agt_%s_%s_id_seq', agent, suffix) as name
              from unnest(array['plain', 'events']) as suffix cross join unnest(array[1, 2]) as agent
            ) as s
            group by s.suffix
            order by s.suffix desc
            """);
  }

  @Test
  void theyGoWithTheirAgent() throws SQLException {
    agents.database().execute("select delete_agent(1)");
    agents.database().execute("delete from agents where id = 2");

    assertThat(
            agents.database().strings("select relname from pg_class where relname like 'agt\\_%'"))
        .isEmpty();
  }

  @Test
  void theDoctorFindsNothing() {
    assertThat(CrmDoctor.create().examine(agents.owner()).findings()).isEmpty();
  }

  /** The prefix is one that makes the name of a table of the library's own, or of a system view. */
  @Test
  void noTableIsTakenForOneOfTheLibraryOrTheServerWithItsName() throws SQLException {
    AgentExtension templates =
        AgentExtension.of(
            "replies",
            List.of(Script.of("db/001_templates.sql", "create table {templates} (text text);")));
    AgentExtension roles =
        AgentExtension.of(
            "staff", List.of(Script.of("db/001_roles.sql", "create table {roles} (name text);")));
    try (AgentsOf named = AgentsOf.create().make(List.of("agent", "pg"))) {
      String before = privilegesOnInternals(named);

      assertThat(AgentMigrations.of(templates, roles).run(named.owner()).failures())
          .map(failure -> failure.prefix() + ": " + failure.error().orElseThrow())
          .satisfiesExactlyInAnyOrder(
              refused -> assertThat(refused).contains("agent: ", "taken: agent_templates"),
              refused -> assertThat(refused).contains("pg: ", "taken: pg_roles"));

      assertThat(privilegesOnInternals(named)).isEqualTo(before);
      named.database().execute("select delete_agent(1)");
      assertThat(named.database().string("select count(*) > 0 from crm_private.agent_templates"))
          .isEqualTo("t");
    }
  }

  private static String privilegesOnInternals(AgentsOf agents) throws SQLException {
    return agents
        .database()
        .string(
            """
            select string_agg(concat_ws(' ', c.relname, c.relacl,
              (select count(*) from pg_policy p where p.polrelid = c.oid)), e'\n' order by c.relname)
            from pg_class c
            where c.relnamespace = 'crm_private'::regnamespace and c.relkind = 'r'
            """);
  }
}
