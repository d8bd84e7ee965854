package dev.dovetable.testkit;

import static dev.dovetable.testkit.CrmAssertions.assertThat;
import static dev.dovetable.testkit.CrmAssertions.assertThatThrownBy;

import dev.dovetable.core.TenantScope;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each assertion holds for what the installer makes, and fails for what somebody has spoilt. */
@CrmTest(database = CrmTest.Lifetime.METHOD)
class IsolationAssertionsTest {
  private CrmDatabase database;
  private TenantScope a;
  private TenantScope b;
  private UUID userOfA;

  @BeforeEach
  void makeAgents(CrmDatabase database) {
    this.database = database;
    AgentFixture first = database.agent("agt_a").withCustomers(3).withMessages(5).withOrders(2);
    this.userOfA = first.userId();
    this.a = first.scope();
    this.b = database.agent("agt_b").withCustomers(4).withMessages(6).withOrders(3).scope();
  }

  @Test
  void holdsAsInstalled() throws SQLException {
    String before = everything();
    assertThat(a).cannotSee(b);
    assertThat(b).cannotSee(a);
    assertThat(database.as(userOfA).tenant("agt_a"))
        .cannotSee(database.asService().tenant("agt_b"));
    assertThat(database.asAnonymous().tenant("agt_a")).cannotSee(b);
    assertThat(database).hasRowSecurityEverywhere().hasNoOrphanedTables().matchesSchema();
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void holdsAsInstalledElsewhere() {
    try (CrmDatabase other = CrmDatabase.builder().schema("shop data").open()) {
      TenantScope x = other.agent("agt_x").scope();
      assertThat(x).cannotSee(other.agent("agt_y").scope());
      assertThat(other).hasRowSecurityEverywhere().hasNoOrphanedTables().matchesSchema();
    }
  }

  @Test
  void whoMaySeeEverythingSeesIt() {
    fails(
        () -> assertThat(database.asService().tenant("agt_a")).cannotSee(b),
        "service_role, in the scope of agent agt_a",
        "tables of agent agt_b",
        "read agt_b_customers",
        "insert into agt_b_messages",
        "update agt_b_orders",
        "delete from agt_b_orders_items");
    fails(() -> assertThat(a).cannotSee(a), "authenticated (user " + userOfA + ")");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "alter table agt_b_messages disable row level security | read agt_b_messages",
        "create policy p on agt_b_orders for select to authenticated using (true)"
            + " | read agt_b_orders",
        "create policy p on agt_b_customers for insert to public with check (true)"
            + " | insert into agt_b_customers",
        "create policy p on agt_b_orders_items to authenticated using (true)"
            + " | update agt_b_orders_items",
        "create policy p on agt_b_messages to authenticated using (true)"
            + " | delete from agt_b_messages",
        "grant truncate on agt_b_messages to authenticated | truncate agt_b_messages",
        "grant update on sequence agt_b_orders_id_seq to authenticated"
            + " | set the sequence of agt_b_orders",
        "grant select on sequence agt_b_customers_id_seq to public"
            + " | read the sequence of agt_b_customers",
        "create or replace function crm_private.owns_agent(agent_id bigint) returns boolean"
            + " language sql as 'select true' | read agt_b_customers"
      })
  void cannotSeeFailsOnceThereIsAWay(String spoil, String found) throws SQLException {
    Query.run(database.superuser(), spoil);
    String before = everything();
    fails(() -> assertThat(a).cannotSee(b), "user " + userOfA, found);
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void anonymousIsFoundOutToo() throws SQLException {
    Query.run(
        database.superuser(),
        "grant select on agt_b_messages to anon",
        "alter table agt_b_messages disable row level security");
    fails(
        () -> assertThat(database.asAnonymous().tenant("agt_a")).cannotSee(b),
        "Expected anon, in the scope",
        "read agt_b_messages");
  }

  @Test
  void emptyTablesAreNoExcuse() throws SQLException {
    TenantScope empty = database.agent("agt_empty").scope();
    assertThat(a).cannotSee(empty);
    Query.run(database.superuser(), "alter table agt_empty_orders disable row level security");
    fails(() -> assertThat(a).cannotSee(empty), "read agt_empty_orders");
  }

  @Test
  void rowSecurityEverywhere() throws SQLException {
    failsOnceSpoilt(
        () -> assertThat(database).hasRowSecurityEverywhere(),
        Map.ofEntries(
            Map.entry("alter table agt_a_orders disable row level security", "public.agt_a_orders"),
            Map.entry("alter table users disable row level security", "public.users"),
            Map.entry("create table notes (text text)", "public.notes"),
            Map.entry("create table crm_private.cache (text text)", "crm_private.cache")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "set session_replication_role = replica; delete from agents where agent_prefix = 'agt_b'"
            + " | ORPHANED_TABLE agt_b_customers: the table belongs to agent",
        "alter sequence agt_b_orders_id_seq owned by none;"
            + " alter table agt_b_orders alter id drop default;"
            + " alter sequence agt_b_orders_id_seq rename to gone_orders_id_seq"
            + " | ORPHANED_SEQUENCE gone_orders_id_seq: the sequence was made for",
        "select drop_agent_tables('agt_b')"
            + " | AGENT_WITHOUT_TABLES agents: the agent has no tables",
        "drop table agt_b_messages | TABLE agt_b_messages: table is missing"
      })
  void orphanedTables(String spoil, String found) throws SQLException {
    Query.run(database.superuser(), spoil);
    fails(() -> assertThat(database).hasNoOrphanedTables(), found);
  }

  @Test
  void tablesOfAnotherIdDoNotMatch() throws SQLException {
    Query.run(
        database.superuser(),
        "set session_replication_role = replica; update agents set id = 99"
            + " where agent_prefix = 'agt_b'");
    fails(
        () -> assertThat(database).matchesSchema(),
        "LEDGER crm_private.agent_tables: it has no entry for the customers table",
        "OUTDATED agent_versions: the agent misses crm 1");
  }

  @Test
  void tablesOfTheHostAreNoOrphans() throws SQLException {
    Query.run(
        database.superuser(),
        "create table shop_orders (id serial, customer_id integer)",
        "alter table shop_orders enable row level security");
    assertThat(database).hasNoOrphanedTables().matchesSchema();
  }

  @Test
  void schemaAsInstalled() throws SQLException {
    failsOnceSpoilt(
        () -> assertThat(database).matchesSchema(),
        Map.ofEntries(
            Map.entry(
                "drop policy agt_b_messages_access on agt_b_messages",
                "POLICY agt_b_messages: policy agt_b_messages_access is missing"),
            Map.entry(
                "alter table agt_a_orders disable row level security",
                "ROW_SECURITY agt_a_orders: row security is missing"),
            Map.entry(
                "grant select on users to anon",
                "PRIVILEGE users: table privilege anon should not be there: select"),
            Map.entry(
                "grant select (api_key) on whatsapp_configuration to authenticated",
                "insert (whatsapp_number), select (api_key), select (business_account_id)"),
            Map.entry(
                "drop index agt_b_messages_timestamp_idx",
                "INDEX agt_b_messages: index agt_b_messages_timestamp_idx is missing"),
            Map.entry(
                "create index mine on agt_b_messages (direction)",
                "EXTRA_OBJECT agt_b_messages: index mine should not be there"),
            Map.entry(
                "alter table agt_a_customers drop constraint agt_a_customers_agent_id_check",
                "CONSTRAINT agt_a_customers: constraint agt_a_customers_agent_id_check is missing"),
            Map.entry(
                "alter table agt_a_customers alter column phone drop not null",
                "COLUMN agt_a_customers: not null phone is missing"),
            Map.entry(
                "drop trigger items_deleted on agt_b_orders_items",
                "TRIGGER agt_b_orders_items: trigger items_deleted is missing"),
            Map.entry(
                "alter table agt_b_orders disable trigger keep_order",
                "TRIGGER agt_b_orders: disabled trigger keep_order should not be there"),
            Map.entry(
                "alter function delete_agent(bigint) security invoker",
                "FUNCTION public.delete_agent(bigint): function delete_agent is not the one"),
            Map.entry(
                "grant execute on function delete_agent(bigint) to anon",
                "PRIVILEGE public.delete_agent(bigint): function privilege anon should not be"
                    + " there: execute"),
            Map.entry("alter type role add value 'auditor'", "TYPE role: type should be: enum"),
            Map.entry(
                "grant update on sequence agt_a_orders_id_seq to authenticated",
                "PRIVILEGE agt_a_orders_id_seq: sequence privilege authenticated should be: usage;"
                    + " it is: update, usage"),
            Map.entry(
                "create table crm_private.cache ()",
                "EXTRA_OBJECT cache: table should not be there"),
            Map.entry(
                "grant create on schema public to anon",
                "PRIVILEGE public: anon may create objects in schema public")));
  }

  /** Every row of the agents' tables and every sequence. */
  private String everything() throws SQLException {
    StringBuilder all = new StringBuilder();
    for (String prefix : Query.strings(database.superuser(), "select agent_prefix from agents")) {
      for (String suffix : List.of("customers", "messages", "orders", "orders_items")) {
        String table = prefix + "_" + suffix;
        all.append(
            Query.strings(
                database.superuser(),
                "select t::text from "
                    + table
                    + " t union all select last_value || ' ' || is_called from "
                    + table
                    + "_id_seq order by 1"));
      }
    }
    return all.toString();
  }

  /** All is spoilt at once, because a database for each takes long; each has to be found. */
  private void failsOnceSpoilt(ThrowingCallable assertion, Map<String, String> foundBySpoiling)
      throws SQLException {
    Query.run(database.superuser(), foundBySpoiling.keySet().toArray(String[]::new));
    fails(assertion, foundBySpoiling.values().toArray(String[]::new));
  }

  private static void fails(ThrowingCallable assertion, String... said) {
    assertThatThrownBy(assertion).isInstanceOf(AssertionError.class).hasMessageContainingAll(said);
  }
}
