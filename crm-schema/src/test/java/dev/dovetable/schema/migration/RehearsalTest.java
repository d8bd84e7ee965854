package dev.dovetable.schema.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dovetable.schema.errors.SchemaException;
import dev.dovetable.schema.errors.SchemaException.Reason;
import dev.dovetable.schema.fixture.AgentsOf;
import dev.dovetable.schema.fixture.TestDatabase;
import dev.dovetable.schema.internal.files.Script;
import dev.dovetable.schema.internal.jdbc.Jdbc;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found out about a version before it is registered. None of these ever is. */
class RehearsalTest {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private static AgentsOf agents;
  private static TestDatabase database;

  @BeforeAll
  static void install() throws SQLException {
    agents = AgentsOf.create();
    database = agents.database();
    agents.make(1, 2);
    try (Connection owner = agents.owner().getConnection()) {
      Jdbc.execute(
          owner,
          """
          create table notes (id integer primary key);
          create function touch() returns trigger language plpgsql as 'begin return new; end';
          create type mood as enum ('good');
          """);
    }
    database.execute("create role \"auditor of this test\"");
  }

  @AfterAll
  static void drop() throws SQLException {
    database.execute("drop role \"auditor of this test\"");
    database.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alter policy {customers_access} on {customers} to anon, authenticated",
        "alter policy \"{customers_access}\" on {customers} using (true)",
        "create policy restrictive on {customers} to U&\"\\0061uthenticated\" using (true)",
        "create policy \"as restrictive\" on {customers} using (true)",
        "alter table {customers} drop constraint {customers_agent_id_check}",
        "create table {visits} (id integer); create policy open on {visits} using (true)",
        "grant truncate on {orders} to authenticated",
        "alter table {customers} drop constraint \"{customers_agent_id_check}\", add check (true)",
        "alter table {messages} drop constraint {messages_customer_id_fkey}",
        "alter table {orders} no force row level security, disable row level security",
        "alter table {customers} alter phone drop not null",
        "alter table {customers} rename \"phone\" to tel",
        "alter table {orders} disable trigger keep_order",
        "drop trigger \"keep_order\" on {orders}",
        "alter table {customers} add column note integer references notes",
        "alter table {customers} add column a bigint references public.agents (id)",
      })
  void whatEveryAgentHasStays(String sql) throws SQLException {
    refuses(sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create table {visits} () inherits (shop.visits)",
        "create table {visits} partition of shop.visits default",
        "create temp table {visits} (id int)",
        "select * into {customers_copy} from {customers}",
        "insert into public.notes select id from {customers}",
        "select nextval('agents_id_seq')",
        "select count(set_up) from (select \"set_config\"('work_mem', '1GB', false) as set_up) s",
        "do 'begin perform delete_agent(2); end'",
        "do 'begin update users set name = name; end'",
        "grant select on notes to anon",
        "grant select (id) on notes to anon",
        "drop type mood",
        "create or replace function touch() returns trigger language plpgsql as 'begin return old; end'",
        "grant service_role to \"auditor of this test\"",
        "alter role \"auditor of this test\" set work_mem = '1MB'",
        "comment on table notes is null; alter table notes add column x integer",
        "alter table {orders} attach partition messages default",
        "alter table {orders} disable trigger all",
        "alter table {orders} disable trigger user",
        "alter table {customers} drop column phone",
        "alter table {customers} drop \"phone\"",
        "alter table {customers} add column a int, rename phone to tel",
        "drop trigger if exists keep_order on {orders}",
        "drop table {customers} cascade",
        "drop table {customers_old}, messages",
        "drop index {customers_email_idx}, messages_idx",
        "drop policy {customers_access} on {customers}",
        "alter policy {customers_access} on {customers} using (true)",
        "create policy readers on {customers} using (true)",
        "create policy readers on {customers} for select to authenticated using (true)",
        "create policy readers on {customers} for select to auditor, \"anon\" using (true)",
        "execute plan",
        "prepare plan as select 1",
        "call shop.work()",
        "set role postgres",
        "create rule r as on delete to {orders} do nothing",
        "begin",
        "create index visits_idx on {customers} (email)",
        "create index {customers_email_idx} on customers (email)",
        "create index concurrently {customers_email_idx} on {customers} (email)",
        "create trigger touch before insert on customers execute function shop.touch()",
        "create policy readers on customers using (true)",
        "comment on column customers.email is 'x'",
        "alter table {customers} rename to {customers_old}",
        "alter table {customers} set schema shop",
        "alter table {customers} owner to somebody",
        "alter table {customers} disable row level security",
        "create function touch() returns trigger language plpgsql as 'begin end'",
        "create type mood as enum ('good')",
        "create view {customers_view} as select 1",
        "grant select on {customers} to anon",
        "drop function shop.touch()",
        "commit",
      })
  void whatIsNotTheAgentsIsLeftAlone(String sql) throws SQLException {
    refuses(sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alter table {orders} alter total_amount set default 1",
        "lock table {orders}",
        "merge into {orders} using {customers} on true when matched then delete",
        "/* ; */ truncate {messages} -- ;",
        "do 'begin end'",
        "create policy readers on {customers} for select to \"auditor of this test\" using (true)",
        "create policy weekdays on {customers} as restrictive using (name <> 'x')",
        "insert into {customers} (agent_id, name, phone) values ({agent_id}, 'x', '1')",
        "create table {visits} (id integer); create table {visits_photos} (id integer)",
        "alter table {customers} add column mood mood, add column note integer",
        "insert into {orders} (customer_id) select c.id from {customers} c join public.notes n on true",
        "create trigger touch before update on {orders} for each row execute function touch()",
      })
  void whatTouchesTheAgentAloneMayRun(String sql) throws SQLException {
    String name = "shop_" + COUNT.incrementAndGet();
    AgentMigrations migrations = migrations(name, sql + ";");
    assertThat(migrations.plan(agents.owner()).agents()).hasSize(2);
    assertThat(registered(name)).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create table {items} (id integer)",
        "create table {customers_orders} (id integer)",
        "create table {notes} (id integer); create table {customers_notes} (id integer)",
      })
  void noTableCouldBeThatOfTwoAgents(String sql) throws SQLException {
    String name = "shop_" + COUNT.incrementAndGet();
    assertThatThrownBy(() -> migrations(name, sql).run(agents.owner()))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("two agents");
    assertThat(registered(name)).isZero();
  }

  @Test
  void aVersionThatNeverEndsIsRefusedToo() throws SQLException {
    AgentMigrations endless =
        AgentMigrations.builder(
                WrittenExtension.of(
                    "endless",
                    "select 1;\nselect count(*) from generate_series(1, 10000000000) as n;"))
            .statementTimeout(Duration.ofMillis(200))
            .build();

    assertThatThrownBy(() -> endless.run(agents.owner()))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("db/001_x.sql, line 2: ")
        .hasMessageContaining("57014");
    assertThat(registered("endless")).isZero();
  }

  private static void refuses(String sql) throws SQLException {
    String name = "shop_" + COUNT.incrementAndGet();
    assertThatThrownBy(() -> migrations(name, "-- first\n\n" + sql + ";").run(agents.owner()))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("Extension " + name + ", db/001_first.sql, line 3: ")
        .extracting("reason")
        .isEqualTo(Reason.INVALID_TEMPLATE);
    assertThat(registered(name)).isZero();
  }

  private static AgentMigrations migrations(String name, String sql) {
    return AgentMigrations.of(AgentExtension.of(name, List.of(Script.of("db/001_first.sql", sql))));
  }

  private static int registered(String name) throws SQLException {
    return Integer.parseInt(
        database.string(
            "select count(*)::text from crm_private.agent_templates where extension = '"
                + name
                + "'"));
  }
}
