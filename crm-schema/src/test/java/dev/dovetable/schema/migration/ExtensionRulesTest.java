package dev.dovetable.schema.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.internal.files.Script;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExtensionRulesTest {

  @Test
  void tellsPlaceholdersAndTables() {
    ExtensionVersion template =
        check(
            """
            -- {not_a_placeholder} in a comment is none that is replaced
            create table {visits} (
              id bigint generated always as identity primary key,
              customer_id integer not null references {customers} (id) on delete cascade,
              day date not null default current_date
            );
            create index {visits_day_idx} on {visits} (day);
            comment on table {visits} is 'of ' {agent_prefix};
            """
                .replace("{not_a_placeholder}", "not a placeholder"));

    assertThat(template.names()).containsExactly("visits", "customers", "visits_day_idx");
    assertThat(template.tables()).containsExactly("visits");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alter table {customers} add column email text",
        "alter table only {customers} add column if not exists email text",
        "create unique index {customers_email_idx} on only {customers} (lower(email))",
        "create index on {customers} (email) where email is not null",
        "create trigger touch before update of name on {customers}"
            + " for each row execute function shop.touch()",
        "create or replace trigger touch after insert on {orders} execute function shop.touch({agent_prefix})",
        "create trigger touch before update on {orders} for each row execute function {crm}.touch_updated_at()",
        "create policy readers on {customers} for select to auditor using (true)",
        "create policy weekdays on {customers} as restrictive using (name <> 'x')",
        "create table {visits} as select c.id, c.name from {customers} c",
        "create table {visits} (id int, exclude using gist (id with =))",
        "alter table {customers} add column email text, alter column email set not null",
        "alter table {customers} drop column if exists email, rename email to mail",
        "alter table {customers} add constraint named check (name <> '') no inherit",
        "alter table {customers} alter column email type varchar using email::varchar",
        "drop table if exists {customers_archive}, {customers_old} cascade",
        "create index {customers_email_idx} on {customers} using gin (email)",
        "select a.id, b.id from ({orders} a join {orders} b using (id))",
        "select id, name from {customers} except select id, name from {customers} offset 1",
        "select setval(pg_get_serial_sequence('{orders}', 'id'), 1000)",
        "drop policy if exists readers on {customers}",
        "drop index if exists {customers_email_idx}",
        "comment on column {customers}.email is 'Lower case; from the sign-up'",
        "insert into {messages} (customer_id, message, direction)"
            + " select id, 'Welcome', 'outbound' from {customers} on conflict do nothing",
        "insert into {customers} (agent_id, name, phone) values ({agent_id}, 'x', '1')"
            + " on conflict (id) do update set name = excluded.name",
        "update {orders} o set notes = 'late' from {customers} c where c.id = o.customer_id",
        "update {orders} set notes = null where extract(year from created_at) < 2020",
        "update {orders} set notes = trim(both ' ' from notes) where notes is distinct from 'x'",
        "delete from only {messages} where id in (select id from {messages} for update)",
        "with old as (select id from {orders}) update {orders} set notes = 'old' where id in (select id from old)",
        "insert into {orders} (customer_id) select c.id from {customers} c join shop.products p on true",
        "with old (id) as (select id from {orders}) delete from {orders} using old where orders.id = old.id",
        "select c.id, now() from {customers} c, {orders} o, generate_series(1, 2) g where c.id = o.customer_id",
        "select shop.backfill('{customers}'::regclass)",
        "update {customers} set name = E'it\\'s; from nobody' || $x$ from nobody; $x$ || \"name\"",
        "/* from nobody /* nested */ from nobody */ update {customers} set name = name",
      })
  void accepts(String statement) {
    assertThat(check(statement).names()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alter table customers add column email text",
        "alter table if exists agt_1_customers add column email text",
        "alter table public.customers add column email text",
        "alter table shop.{customers} add column email text",
        "create table visits (id int)",
        "create table {visits} (like customers)",
        "create table {visits} (id int references customers)",
        "create table {visits} (id int references public.products (id))",
        "create table {visits} as select * from messages",
        "with old as (select 1) select id into customers_copy from {customers}",
        "select * from (messages join {orders} on true)",
        "select * from ((messages join {orders} on true) join {customers} on true)",
        "select * from {orders}, (messages m cross join {customers})",
        "select * from only (messages)",
        "with d as (delete from {orders} using messages m where m.id = 1 returning 1) select 1",
        "insert into {orders} (customer_id) table messages",
        "select * from {crm}.agent_templates",
        "create table {crm} (id int)",
        "create table {crm}.visits (id int)",
        "update {orders} set notes = {crm}",
        "update {orders} set notes = '{crm}.x()'",
        "select * from \"messages\"",
        "alter table \"{customers}\" add column email text",
        "create table {visits} (id int, like messages)",
        "alter table {visits} inherit shop.visits",
        "select set_config('role', 'postgres', true)",
        "select set_config('session_replication_role', 'replica', false) from {orders}",
        "update {orders} set notes = pg_catalog.set_config('search_path', 'shop', true)",
        "select pg_advisory_lock(1)",
        "set statement_timeout = 7",
        "reset all",
        "listen crm",
        "select \"delete_agent\"(id) from {customers}",
        "select {crm}.secure_agent_table('agt_b_customers', 1, null) from {customers}",
        "select U&\"\\0064elete_agent\"(id) from {customers}",
        "alter table {customers_messages} add column x integer",
        "update {orders_customers} set name = 'x'",
        "select pg_sleep(10)",
        "select delete_agent(id) from {customers}",
        "select drop_agent_tables('agt_2')",
        "select query_to_xml('delete from agents', true, true, '')",
        "copy {orders} from stdin",
        "explain analyze delete from messages",
        "/* /* */ select 1; */ delete from messages",
        "comment on table {customers} is 'of {agent_prefix}'",
        "comment on table customers is 'x'",
        "insert into customers (name) values ('x')",
        "insert into shop.audit (name) values ('x')",
        "update customers set name = 'x'",
        "delete from messages",
        "with gone as (delete from messages returning id) select count(*) from gone",
        "select * from messages",
        "select * from {orders}, messages where true",
        "delete from {orders} using customers c where c.id = 1",
        "create table {orders} (id int)",
        "update {orders} set notes = 'x' from customers c",
        "insert into {orders} (customer_id) select c.id from {customers} c join products p on true",
        "alter table {clients} add column email text",
        "alter table {Customers} add column email text",
        "update {customers} set name = '{nobody}'",
        "update {customers} set name = '{red}'::text[]",
      })
  void refusesWithFileAndLine(String statement) {
    assertThatThrownBy(() -> check("-- first\n\n" + statement + ";"))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("Extension shop, db/001_first.sql, line 3: ")
        .extracting("reason")
        .isEqualTo(Reason.INVALID_TEMPLATE);
  }

  @Test
  void namesHaveToFitBehindThePrefix() {
    String longest = "visits_" + "x".repeat(35);
    assertThat(check("create table {" + longest + "} (id int)").tables()).containsExactly(longest);
    assertThatThrownBy(() -> check("create table {" + longest + "x} (id int)"))
        .hasMessageContaining("malformed")
        .hasMessageContaining("42");
  }

  @Test
  void laterVersionsKnowTheTablesOfEarlierOnes() {
    AgentExtension extension =
        AgentExtension.of(
            "shop",
            List.of(
                Script.of("db/001_first.sql", "create table {visits} (id int);"),
                Script.of("db/002_second.sql", "alter table {visits} add column day date;")));

    assertThat(extension.version()).isEqualTo(2);
    assertThat(extension.templates().get(1).tables()).isEmpty();
  }

  @Test
  void filesAreFoundOnTheClassPathAndNumberedWithoutAGap() {
    AgentExtension found =
        AgentExtension.fromClassPath(
            "visits",
            "dev/dovetable/schema/fixture/visits/",
            "001_create_visits.sql",
            "002_add_reason.sql");

    assertThat(found).hasToString("AgentExtension[visits 2]");
    assertThatThrownBy(
            () ->
                AgentExtension.fromClassPath(
                    "visits", "dev/dovetable/schema/fixture/visits", "002_x.sql"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("001_….sql");
    assertThatThrownBy(
            () -> AgentExtension.fromClassPath("visits", "dev/dovetable/schema", "001_missing.sql"))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("dev/dovetable/schema/001_missing.sql");
    assertThatThrownBy(() -> AgentExtension.fromClassPath("No", "x", "001_x.sql"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> AgentExtension.fromClassPath("no", "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @NullSource
  @MethodSource("loadersThatSeeNothing")
  void filesAreFoundWhateverTheThreadsClassLoader(@Nullable ClassLoader loader) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      assertThat(AgentsOf.visits("001_create_visits.sql").version()).isOne();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  static List<ClassLoader> loadersThatSeeNothing() {
    return List.of(ClassLoader.getPlatformClassLoader());
  }

  private static ExtensionVersion check(String sql) {
    return ExtensionRules.check("shop", 1, Script.of("db/001_first.sql", sql), Set.of());
  }
}
