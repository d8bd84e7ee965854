package dev.dovetable.schema.database.functions;

import static dev.dovetable.schema.database.TwoAgents.ADMIN;
import static dev.dovetable.schema.database.TwoAgents.OWNER;
import static dev.dovetable.schema.database.TwoAgents.SPARE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.schema.database.Session;
import dev.dovetable.schema.database.TwoAgents;
import dev.dovetable.testkit.server.FreshDatabase;
import dev.dovetable.testkit.server.PostgresDatabase;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Functions, triggers, policies and comments, as the specification names them. */
@FreshDatabase(TwoAgents.class)
class FunctionsSpecificationTest {

  private static Session session;

  @BeforeAll
  static void open(PostgresDatabase database) throws SQLException {
    session = new Session(database.dataSource());
  }

  @AfterAll
  static void close() throws SQLException {
    session.close();
  }

  /** What signed-in clients need beyond it, by name; the page about Supabase lists them. */
  private static final String BEYOND =
      " and p.proname not in ('add_agent_member', 'remove_agent_member', 'get_agent_members',"
          + " 'get_user_agents', 'add_agent_number', 'update_agent_number', 'move_agent_number',"
          + " 'remove_agent_number', 'get_agent_numbers')";

  @Test
  void functionsHaveTheNamesAndArgumentsOfTheSpecification() throws SQLException {
    assertThat(
            session.column(
                "select p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')'"
                    + " from pg_proc p where p.pronamespace = 'public'::regnamespace"
                    + BEYOND))
        .containsExactlyInAnyOrder(
            "create_agent(user_id uuid, agent_prefix character varying, created_by uuid)",
            "update_agent_details(agent_id bigint, user_updates jsonb, agent_updates jsonb,"
                + " current_user_id uuid)",
            "delete_agent(agent_id bigint)",
            "create_whatsapp_config(user_id uuid, whatsapp_number character varying,"
                + " webhook_url text, api_key text, business_account_id character varying,"
                + " phone_number_id character varying)",
            "get_whatsapp_config(user_id uuid)",
            "update_whatsapp_config(user_id uuid, whatsapp_number character varying,"
                + " webhook_url text, api_key text, business_account_id character varying,"
                + " phone_number_id character varying, is_active boolean, verify_token text)",
            "delete_whatsapp_config(user_id uuid)",
            "create_agent_tables(prefix text, agent_id bigint)",
            "drop_agent_tables(prefix text)",
            "create_agent_indexes(prefix text)");
  }

  @Test
  void functionsAnswerWhatTheDesignSays() throws SQLException {
    String agent = "TABLE(agent jsonb, success boolean, message text)";
    String config = "TABLE(config jsonb, success boolean, message text)";
    String done = "TABLE(success boolean, message text)";
    assertThat(
            session.column(
                "select p.proname || ' ' || pg_get_function_result(p.oid) from pg_proc p"
                    + " where p.pronamespace = 'public'::regnamespace"
                    + BEYOND))
        .containsExactlyInAnyOrder(
            "create_agent " + agent,
            "update_agent_details " + agent,
            "delete_agent " + done,
            "create_whatsapp_config " + config,
            "get_whatsapp_config " + config,
            "update_whatsapp_config " + config,
            "delete_whatsapp_config " + done,
            "create_agent_tables void",
            "drop_agent_tables void",
            "create_agent_indexes void");
  }

  @Test
  void functionsRunWithTheirOwnersRightsAndAPinnedPath() throws SQLException {
    assertThat(
            session.column(
                "select p.proname || ' ' || p.prosecdef || ' ' || (select c from unnest(p.proconfig) c"
                    + " where c like 'search_path=%') from pg_proc p"
                    + " where p.pronamespace = 'public'::regnamespace"))
        .hasSize(19)
        .allSatisfy(
            row ->
                assertThat(row)
                    .matches(
                        "\\w+ true search_path=(public, crm_private|crm_private, public), pg_temp"));
  }

  @Test
  void everyFunctionHasAPinnedPathThatEndsInTheTemporarySchema() throws SQLException {
    assertThat(
            session.column(
                "select p.oid::regprocedure::text from pg_proc p"
                    + " where p.pronamespace = 'crm_private'::regnamespace and not exists"
                    + " (select from unnest(p.proconfig) c where c ~ '^search_path=.*, pg_temp$')"))
        .isEmpty();
  }

  @Test
  void functionsAreCalledByName() throws SQLException {
    session.begin();
    assertThat(
            session.one(
                "select success from create_agent(created_by => ?::uuid, user_id => ?::uuid,"
                    + " agent_prefix => 'named'::varchar)",
                ADMIN,
                SPARE))
        .isEqualTo("t");
    String id = session.one("select id from agents where agent_prefix = 'named'");
    for (String type : List.of("integer", "bigint", "smallint")) {
      assertThat(
              session.one(
                  "select success from update_agent_details(current_user_id => ?, agent_updates => '{}'::jsonb,"
                      + " user_updates => '{\"name\": \"N\"}'::jsonb, agent_id => %s::%s)"
                          .formatted(id, type),
                  ADMIN))
          .isEqualTo("t");
    }
    session.execute("select create_agent_indexes(prefix => 'named'::text)");
    session.execute(
        "select create_agent_tables(agent_id => %s::integer, prefix => 'named'::text)"
            .formatted(id));
    session.execute("select drop_agent_tables(prefix => 'named')");
    assertThat(
            session.one("select success from delete_agent(agent_id => %s::integer)".formatted(id)))
        .isEqualTo("t");
    session.rollback();
  }

  @Test
  void whatsAppFunctionsAreCalledByName() throws SQLException {
    session.begin();
    assertThat(
            session.one(
                "select success from create_whatsapp_config(user_id => ?::uuid,"
                    + " whatsapp_number => '+1'::varchar, webhook_url => 'https://x'::text,"
                    + " api_key => 'k'::text, business_account_id => 'b'::varchar,"
                    + " phone_number_id => 'p'::varchar)",
                OWNER))
        .isEqualTo("t");
    assertThat(session.one("select success from get_whatsapp_config(user_id => ?::uuid)", OWNER))
        .isEqualTo("t");
    assertThat(
            session.one(
                "select success from update_whatsapp_config(verify_token => 'v', is_active => true,"
                    + " phone_number_id => 'p', user_id => ?)",
                OWNER))
        .isEqualTo("t");
    assertThat(session.one("select success from delete_whatsapp_config(user_id => ?)", OWNER))
        .isEqualTo("t");
    session.rollback();
  }

  @Test
  void triggerOnAgentsMakesTablesAndIndexes() throws SQLException {
    assertThat(
            session.one(
                "select pg_get_triggerdef(oid) from pg_trigger where tgname = 'trigger_create_agent_tables'"))
        .startsWith(
            "CREATE TRIGGER trigger_create_agent_tables AFTER INSERT ON public.agents FOR EACH ROW");
  }

  @Test
  void everyTableHasRowLevelSecurity() throws SQLException {
    assertThat(
            session.column(
                "select relname from pg_class where relkind in ('r', 'p') and not relrowsecurity"
                    + " and relnamespace in ('public'::regnamespace, 'crm_private'::regnamespace)"
                    + " and relname not like 'crm_schema%'"))
        .isEmpty();
  }

  @Test
  void oneAuthenticatedPolicyForEachTableAndAction() throws SQLException {
    // users can only be read; agents and configurations have four; the agents' tables have all.
    assertThat(
            session.column(
                """
                select format('%s %s', c.relname, string_agg(a.action, ' ' order by a.action))
                from pg_policy p
                join pg_class c on c.oid = p.polrelid and c.relnamespace = 'public'::regnamespace
                cross join (values ('r', 'select'), ('a', 'insert'), ('w', 'update'), ('d', 'delete')) a (cmd, action)
                where p.polcmd in (a.cmd::"char", '*')
                group by c.relname
                """))
        .containsExactlyInAnyOrder(
            "users select",
            "agents delete insert select update",
            "whatsapp_configuration delete insert select update",
            "alpha_customers delete insert select update",
            "alpha_messages delete insert select update",
            "alpha_orders delete insert select update",
            "alpha_orders_items delete insert select update",
            "beta_customers delete insert select update",
            "beta_messages delete insert select update",
            "beta_orders delete insert select update",
            "beta_orders_items delete insert select update");
    assertThat(
            session.column(
                "select polname from pg_policy p join pg_class c on c.oid = p.polrelid"
                    + " where c.relnamespace = 'public'::regnamespace and"
                    + " (p.polroles <> array['authenticated'::regrole::oid] or not p.polpermissive)"))
        .isEmpty();
  }

  @Test
  void onlyReadingIsOpenToAll() throws SQLException {
    assertThat(
            session.column(
                "select polname from pg_policy where polcmd <> 'r' and"
                    + " ('true' in (pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)))"))
        .isEmpty();
    assertThat(
            session.column(
                "select polname from pg_policy"
                    + " where concat(pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))"
                    + " ~ '(?<!SELECT )(auth|crm_private)\\.'"
                    // There are rows of all agents.
                    + " and polname <> 'changes_select'"))
        .as("policies that ask for each row instead of once per query")
        .isEmpty();
  }

  @Test
  void everyTableFunctionAndPolicyIsExplained() throws SQLException {
    assertThat(
            session.column(
                """
                select c.relname::text from pg_class c
                where c.relkind = 'r' and c.relnamespace in ('public'::regnamespace, 'crm_private'::regnamespace)
                  and obj_description(c.oid, 'pg_class') is null
                union all
                select p.oid::regprocedure::text from pg_proc p
                where p.pronamespace in ('public'::regnamespace, 'crm_private'::regnamespace)
                  and obj_description(p.oid, 'pg_proc') is null
                union all
                select polname from pg_policy p where obj_description(p.oid, 'pg_policy') is null
                """))
        .isEmpty();
  }

  @Test
  void everyUpdateAndDeleteInAFunctionHasACondition() throws SQLException {
    // Sessions of Supabase's authenticator refuse those that have none, inside functions too.
    List<String> statements =
        session.column(
            """
            select s from pg_proc p
            cross join regexp_split_to_table(regexp_replace(p.prosrc, '--[^\n]*', '', 'g'), ';') s
            where p.pronamespace in ('public'::regnamespace, 'crm_private'::regnamespace)
              and s ~* '\\m(update\\s+(%I|\\w+(\\s+(as\\s+)?\\w+)?)\\s+set|delete\\s+from)\\M'
            """);
    assertThat(statements).hasSizeGreaterThan(5);
    assertThat(statements)
        .allSatisfy(statement -> assertThat(statement).containsIgnoringCase("where"));
  }

  @Test
  void sequencesBelongToTheirColumns() throws SQLException {
    for (String table : List.of("customers", "messages", "orders", "orders_items")) {
      String name = "alpha_" + table;
      assertThat(session.one("select pg_get_serial_sequence(?, 'id')", name))
          .isEqualTo("public." + name + "_id_seq");
    }
  }
}
