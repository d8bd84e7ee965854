package dev.dovetable.schema.database.attacks;

import static dev.dovetable.schema.database.TwoAgents.OTHER;
import static dev.dovetable.schema.database.TwoAgents.OWNER;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is in crm_private, and who may call it. */
class InternalFunctionsTest extends AttackTest {
  @Test
  void theseAloneCanBeCalled() throws SQLException {
    List<String> callable =
        superuser.column(
            """
            select p.oid::regprocedure::text from pg_proc p
            where p.pronamespace = 'crm_private'::regnamespace
              and (has_function_privilege('authenticated', p.oid, 'execute')
                or has_function_privilege('anon', p.oid, 'execute')
                or has_function_privilege('service_role', p.oid, 'execute'))
            """);
    assertThat(callable)
        .containsExactlyInAnyOrder(
            "crm_private.is_admin()",
            "crm_private.is_trusted(name)",
            "crm_private.owns_agent(bigint)",
            "crm_private.enter_agent(text,boolean)",
            "crm_private.outdated_agents(text)",
            // These check their caller, as the specified functions do that call them.
            "crm_private.link_user(uuid,uuid)",
            "crm_private.try_to_add_member(bigint,uuid)",
            "crm_private.number_for_answer(bigint,text)",
            "crm_private.try_to_add_number(bigint,character varying,character varying,character varying,character varying)",
            "crm_private.try_to_move_number(bigint,character varying,bigint)",
            "crm_private.try_to_update_number(bigint,character varying,character varying,character varying,character varying,boolean)",
            "crm_private.try_to_create_agent(uuid,character varying,uuid)",
            "crm_private.try_to_update_agent(bigint,jsonb,jsonb,uuid)",
            "crm_private.try_to_save_whatsapp(uuid,character varying,text,text,character varying,character varying)",
            "crm_private.try_to_update_whatsapp(uuid,character varying,text,text,character varying,character varying,boolean,text)",
            "crm_private.customers_by_phone_keys(text,text[])",
            "crm_private.read_changes(text,text,integer)",
            "crm_private.take_changes(text,text,integer)",
            "crm_private.restart_consumer(text,text)",
            "crm_private.remove_consumer(text,text)",
            "crm_private.rotate_changes()",
            // These run with the caller's own rights.
            "crm_private.assign_sightings(text,jsonb,jsonb,text)",
            "crm_private.claims_between(text,jsonb,jsonb)",
            "crm_private.customers_of_people(text,jsonb)",
            "crm_private.find_or_make_customers(text,jsonb,integer[])",
            "crm_private.follow_customer(text,integer)",
            "crm_private.follow_sightings(text,integer[])",
            "crm_private.make_customers(text,text[])",
            "crm_private.merge_customers(text,integer[],text)",
            "crm_private.moves_of_part(text,jsonb,jsonb)",
            "crm_private.parts_of_senders(text,jsonb)",
            "crm_private.people_of_senders(text,jsonb)",
            "crm_private.person_at(jsonb,text,text)",
            "crm_private.phone_key(text)",
            "crm_private.remember_sightings(text,jsonb)",
            "crm_private.replace_customer(text,integer,integer)",
            "crm_private.trace_part(text,jsonb,jsonb)",
            "crm_private.trace_people(jsonb)",
            "crm_private.undo_customer_merge(text,integer)",
            "crm_private.require_webhook_route(text,text)",
            "crm_private.store_webhook(text,jsonb)",
            "crm_private.store_webhook_messages(text,jsonb,jsonb)",
            "crm_private.complete_webhook_messages(text,jsonb,jsonb)",
            "crm_private.store_consents(text,jsonb,jsonb)");
  }

  static Stream<String> callsAndTables() {
    return Stream.of(
        "select crm_private.make_customers('beta', array['p1'])",
        "select * from crm_private.customers_by_phone_keys('beta', array['1'])",
        "select * from crm_private.unrouted_webhooks",
        "select crm_private.enter_agent('beta', true)",
        "select crm_private.remove_agent_tables('beta', 2)",
        "select crm_private.remove_agent_row(2)",
        "select crm_private.remove_agent_row_alone(2)",
        "select crm_private.lock_agent_tables('beta', 2)",
        "select crm_private.drop_locked_tables('beta', 2, array['orders_items'])",
        "select crm_private.require_webhook_route('7', 'beta')",
        "select crm_private.is_backend()",
        "select crm_private.read_changes(null, null, 1)",
        "select crm_private.take_changes(null, 'mine', 1)",
        "select crm_private.take_changes('beta', 'mine', 1)",
        "select crm_private.restart_consumer('beta', 'mine')",
        "select crm_private.remove_consumer('beta', 'mine')",
        "select crm_private.rotate_changes()",
        "select crm_private.broadcast_changes(true)",
        "select crm_private.write_changes(2, 'messages', 'INSERT', '{1}', '{1}')",
        "select crm_private.watch_table(1, 'alpha', 'orders')",
        "select * from crm_private.changes_0",
        "select * from crm_private.change_ring",
        "select * from crm_private.change_consumers",
        "select crm_private.try_to_create_agent('%s', 'gamma', '%s')".formatted(OTHER, OWNER),
        "select crm_private.try_to_update_agent(2, '{\"name\": \"x\"}', '{}', null)",
        "select crm_private.outdated_agents()",
        "select crm_private.migrate_agent(1, 'alpha')",
        "select crm_private.refresh_orders('beta_orders', array[1])",
        "select crm_private.provisioning_key()",
        "select * from crm_private.agent_tables",
        "insert into crm_private.agent_tables values (9, 'beta_customers')");
  }

  @ParameterizedTest
  @MethodSource("callsAndTables")
  void areRefusedToTheUserOfAnotherAgent(String sql) throws SQLException {
    session.as(OWNER);
    assertRefused(sql);
  }

  @Test
  void areRefusedToAnonymous() throws SQLException {
    session.anonymous();
    assertRefused("select crm_private.is_admin()");
  }
}
